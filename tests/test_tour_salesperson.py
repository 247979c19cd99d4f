"""A salesperson's morning: the overview, the own customers, why; at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_tour_policy import WAIT, listen

CUSTOMER, REASON = "Old Mill Café", "Orders less often"


@pytest.fixture(scope="module")
def address(clone_demo_database: Callable[..., str]) -> Iterator[str]:
    with served(clone_demo_database("salesperson")) as address:
        yield address


def sign_in_at(page: Page, address: str, size: str) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    sign_in(page, address, "north", "north")
    # Odoo's bot greets a newcomer in a window above everything, on a phone.
    page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")


def test_the_morning_at_the_desk(address: str) -> None:
    heard: list[str] = []
    with opened_page() as page:
        listen(page, heard)
        sign_in_at(page, address, "desk")
        page.goto(f"{address}/odoo/customer-tiers-overview")
        risk = page.locator(".o_overview_tile", has_text="At Risk").first
        expect(risk).to_contain_text("1", timeout=WAIT)
        risk.click()
        expect(page.locator(".o_data_row")).to_have_count(1, timeout=WAIT)
        expect(page.locator(".o_data_row")).to_contain_text(CUSTOMER)

        page.goto(f"{address}/odoo/my-customers")
        card = page.locator(".o_kanban_record", has_text=CUSTOMER).first
        expect(card).to_contain_text(REASON, timeout=WAIT)
        card.locator(".o_customer_tier_badge").hover()
        shown = page.locator(".o_customer_tier_card")
        expect(shown).to_contain_text("to stay VIP", timeout=WAIT)
        expect(shown).to_contain_text("8 % discount on new quotations")
        page.mouse.move(700, 880)
        expect(shown).to_have_count(0, timeout=WAIT)
        expect(card.get_by_role("button", name="Schedule")).to_be_visible()
        card.get_by_role("button", name="Quotation").click()
        expect(page.locator("[name=partner_id] input").first).to_have_value(CUSTOMER, timeout=WAIT)
    assert not heard, "\n".join(heard)


def test_on_the_phone(address: str) -> None:
    heard: list[str] = []
    with opened_page() as page:
        listen(page, heard)
        sign_in_at(page, address, "phone")
        page.goto(f"{address}/odoo/my-customers")
        page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")
        card = page.locator(".o_kanban_record", has_text=CUSTOMER).first
        expect(card).to_contain_text(REASON, timeout=WAIT)
        assert page.evaluate("document.body.scrollWidth") <= SIZES["phone"][0]
        card.locator(".o_customer_tier_badge").click()
        shown = page.locator(".o_customer_tier_card")
        expect(shown).to_contain_text("At risk", timeout=WAIT)
        box = shown.bounding_box()
        assert box and box["x"] >= 0 and box["x"] + box["width"] <= SIZES["phone"][0]
        shown.get_by_role("button", name="Open customer score").click()
        expect(page.locator(".o_form_view")).to_contain_text(CUSTOMER, timeout=WAIT)
    assert not heard, "\n".join(heard)
