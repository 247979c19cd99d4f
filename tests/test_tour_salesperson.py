"""A salesperson's morning: the overview, the own customers, why; at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_tour_policy import WAIT, listen

TAKES_MINUTES = True

CUSTOMER, REASON = "Old Mill Café", "Orders less often"
PRODUCT = "Espresso Beans"


@pytest.fixture(scope="module")
def address(clone_demo_database: Callable[..., str]) -> Iterator[str]:
    with served(clone_demo_database("salesperson")) as address:
        yield address


def sign_in_at(page: Page, address: str, size: str) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
    sign_in(page, address, "north", "north")
    # Odoo's bot greets a newcomer in a window above everything, on a phone.
    page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")


def finish_a_follow_up(page: Page, address: str) -> None:
    """Say how the oldest overdue follow-up went; it is gone from the list of open ones."""
    page.goto(f"{address}/odoo/customer-followups")
    rows = page.locator(".o_data_row")
    overdue = rows.first
    expect(overdue).to_be_visible(timeout=WAIT)
    before, customer = rows.count(), overdue.locator("[name=partner_id]").inner_text()
    overdue.get_by_role("button", name="Done").click()
    dialog = page.locator(".modal-content")
    expect(dialog).to_contain_text(customer, timeout=WAIT)
    dialog.locator("[name=result] textarea").fill("Wants a tasting next week")
    dialog.get_by_role("button", name="Mark Done").click()
    expect(page.locator(".o_notification")).to_contain_text("1 follow-up done", timeout=WAIT)
    expect(rows).to_have_count(before - 1, timeout=WAIT)


def quote_at_the_tiers_price(page: Page, address: str) -> None:
    """Quote a product from the customer's card: the tier's discount is there, and is named."""
    page.goto(f"{address}/odoo/my-customers")
    card = page.locator(".o_kanban_record", has_text=CUSTOMER).first
    card.get_by_role("button", name="Quotation").click()
    expect(page.locator("[name=partner_id] input").first).to_have_value(CUSTOMER, timeout=WAIT)
    page.get_by_role("button", name="Add a product").click()
    product = page.locator(
        ".o_selected_row [name=product_template_id] input, .o_selected_row [name=product_id] input"
    ).first
    product.fill(PRODUCT)
    page.locator(".o-autocomplete--dropdown-item", has_text=PRODUCT).first.click()
    page.get_by_role("tab", name="Order Lines").click()
    expect(page.locator("[name=tax_totals]")).to_contain_text("13.80", timeout=WAIT)
    discount = page.locator("[name=order_line] .o_data_row").first.locator("td[name=discount]")
    # The line may still be open for typing.
    typed = discount.locator("input")
    shown = typed.input_value() if typed.count() else discount.inner_text()
    assert shown.startswith("8")


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

        finish_a_follow_up(page, address)
        quote_at_the_tiers_price(page, address)
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
