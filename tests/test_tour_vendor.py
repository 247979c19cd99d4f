"""A vendor's day on the own pages, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served
from test_tour_policy import WAIT, listen

TAKES_MINUTES = True


@pytest.mark.parametrize("size", SIZES)
def test_a_vendors_day(clone_demo_database: Callable[..., str], size: str) -> None:
    width, height = SIZES[size]
    heard: list[str] = []
    with served(clone_demo_database(f"vendor{size}")) as address, opened_page() as page:
        listen(page, heard)
        page.set_viewport_size({"width": width, "height": height})
        log_in(page, address, "flour")
        see_what_runs_out(page, width)
        answer(page, width)
        announce(page, width)
        # Another vendor, whose stock it is until it is used.
        page.goto(f"{address}/web/session/logout")
        log_in(page, address, "orchard")
        dispute(page, width)
        confirm(page)
    assert not heard, "\n".join(heard)


def log_in(page: Page, address: str, login: str) -> None:
    page.goto(f"{address}/web/login?redirect=/my")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", login)
    page.press("input[name=password]", "Enter")
    page.get_by_text("Your Stock").first.click(timeout=WAIT)


def see_what_runs_out(page: Page, width: int) -> None:
    rows = page.locator(".o_vendor_row")
    expect(rows.first).to_contain_text("Rye Flour 25 kg", timeout=WAIT)
    expect(rows.first).to_contain_text("Out of stock")
    assert fits(page, width)
    rows.first.click()
    expect(page.get_by_text("Demand by week")).to_be_visible(timeout=WAIT)
    assert page.locator(".o_vendor_chart li").count() == 13
    assert fits(page, width)


def answer(page: Page, width: int) -> None:
    tab(page, "Proposals")
    expect(page.locator(".o_vendor_row").first).to_contain_text("To answer", timeout=WAIT)
    page.locator(".o_vendor_row").first.click()
    expect(page.get_by_text("Is Thursday fine?")).to_be_visible(timeout=WAIT)
    assert fits(page, width)
    for field in page.locator(".o_vendor_quantity input").all():
        field.fill("20")
    page.get_by_role("button", name="Confirm").click()
    told = page.locator(".alert-success")
    expect(told).to_contain_text("ordered as you answered", timeout=WAIT)
    expect(page.locator(".o_vendor_head")).to_contain_text("Ordered")


def announce(page: Page, width: int) -> None:
    tab(page, "Orders")
    page.locator(".o_vendor_row").first.click(timeout=WAIT)
    page.get_by_role("link", name="Announce a Shipment").click(timeout=WAIT)
    expect(page.get_by_label("Arrives on")).to_be_visible(timeout=WAIT)
    page.get_by_label("Tracking reference").fill("VF-77")
    page.get_by_role("button", name="Announce", exact=True).last.click()
    expect(page.locator(".alert-success")).to_contain_text("announced", timeout=WAIT)
    expect(page.locator(".o_vendor_facts")).to_contain_text("VF-77")
    assert fits(page, width)


def dispute(page: Page, width: int) -> None:
    tab(page, "Settlements")
    rows = page.locator(".o_vendor_row")
    expect(rows.first).to_contain_text("To confirm", timeout=WAIT)
    assert fits(page, width)
    rows.first.click()
    honey = page.locator(".o_vendor_list > li").filter(has_text="Blossom Honey").first
    honey.locator("summary").first.click(timeout=WAIT)
    expect(honey.locator("table")).to_be_visible()
    assert fits(page, width)
    honey.locator("summary").filter(has_text="Dispute").click()
    honey.get_by_label("What is wrong?").fill("We agreed on a higher price")
    assert fits(page, width)
    honey.get_by_role("button", name="Dispute this line").click()
    expect(page.locator(".alert-success")).to_contain_text("in dispute", timeout=WAIT)
    expect(honey).to_contain_text("Disputed")
    expect(honey).to_contain_text("We agreed on a higher price")


def confirm(page: Page) -> None:
    page.get_by_label("Number of your invoice").fill("OP-1201")
    page.get_by_role("button", name="Confirm", exact=True).click()
    expect(page.locator(".alert-success")).to_contain_text("is confirmed", timeout=WAIT)
    expect(page.locator(".o_vendor_facts")).to_contain_text("OP-1201")


def tab(page: Page, name: str) -> None:
    page.locator(".o_vendor_nav").get_by_role("link", name=name).click(timeout=WAIT)


def fits(page: Page, width: int) -> bool:
    """Return whether nothing of the page is cut at the side."""
    return page.evaluate("document.body.scrollWidth") <= width
