"""A price list from the vendor's file to the buyers' orders, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served
from test_tour_policy import WAIT, listen
from test_tour_vendor import fits, tab

TAKES_MINUTES = True

# The scripts of the client are built for the first visit.
START = 240_000
# The mill's prices: a small change, a large one, and one that cannot be read.
PRICES = "供应商编码,单价\nVM-W25,14.20\nVM-R25,19.00\nVM-S10,面议\n".encode("gbk")


@pytest.mark.parametrize("size", SIZES)
def test_from_a_vendors_file_to_orders(
    clone_demo_database: Callable[..., str], tmp_path: Path, size: str
) -> None:
    file = tmp_path / "prices-2027.csv"
    file.write_bytes(PRICES)
    heard: list[str] = []
    with served(clone_demo_database(f"catalogue{size}")) as address:
        with visit(address, size, "flour", heard) as page:
            upload(page, address, file)
        with visit(address, size, "buyer", heard) as page:
            approve(page, address)
            compare(page, address)
            order(page)
    assert not heard, "\n".join(heard)


@contextmanager
def visit(address: str, size: str, login: str, heard: list[str]) -> Iterator[Page]:
    """Let a person sign in at a browser of some size."""
    width, height = SIZES[size]
    with opened_page() as page:
        listen(page, heard)
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{address}/web/login", timeout=START)
        page.fill("input[name=login]", login)
        page.fill("input[name=password]", login)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url, wait_until="commit", timeout=START)
        yield page


def upload(page: Page, address: str, file: Path) -> None:
    width = page.viewport_size["width"]
    page.goto(f"{address}/my/supply", timeout=START)
    tab(page, "Prices")
    expect(page.get_by_text("mill-prices.csv")).to_be_visible(timeout=WAIT)
    assert fits(page, width)
    page.get_by_label("CSV or Excel file").set_input_files(file)
    page.get_by_role("button", name="Upload").click()
    expect(page.get_by_text("1 row is to correct.")).to_be_visible(timeout=WAIT)
    rows = page.locator(".o_vendor_price")
    expect(rows.nth(0)).to_contain_text("Is taken at once")
    expect(rows.nth(1)).to_contain_text("With the buyer")
    expect(rows.nth(2)).to_contain_text("“面议” is not a number")
    assert fits(page, width)
    page.get_by_role("button", name="Send Prices").click()
    expect(page.locator(".alert-success")).to_contain_text("the buyer looks", timeout=WAIT)
    expect(rows.nth(0)).to_contain_text("Taken")


def approve(page: Page, address: str) -> None:
    page.goto(f"{address}/odoo/vendor-price-lists", timeout=START)
    # The newest list stands on top.
    page.locator(".o_data_row, .o_kanban_record:not(.o_kanban_ghost)").first.click(timeout=WAIT)
    page.get_by_role("button", name="Approve All").click(timeout=WAIT)
    told = page.locator(".o_notification").filter(has_text="taken")
    expect(told.first).to_be_visible(timeout=WAIT)


def compare(page: Page, address: str) -> None:
    page.goto(f"{address}/odoo/vendor-catalogue", timeout=START)
    offers = page.locator(".o_vendor_offers").filter(has_text="Paper & Pack")
    expect(offers.first.locator(".o_vendor_offer_best")).to_contain_text(
        "Clean & Clear", timeout=WAIT
    )
    offers.first.locator(".o_vendor_offer").first.click()
    page.get_by_role("button", name="Open the Cart").click(timeout=WAIT)
    expect(page.get_by_text("CART00001").first).to_be_visible(timeout=WAIT)


def order(page: Page) -> None:
    page.get_by_role("button", name="Create RFQs").click(timeout=WAIT)
    expect(page.get_by_text("Requests for Quotation").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Clean & Clear Supplies").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Southern Pantry").first).to_be_visible(timeout=WAIT)
