"""A price list from the vendor's file to the buyers' orders, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served
from test_tour_policy import WAIT, listen
from test_tour_vendor import fits, tab

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
            upload(page, file)
        with visit(address, size, "buyer", heard) as page:
            approve(page, address)
            compare(page, address)
            order(page, address)
    assert not heard, "\n".join(heard)


class visit:  # noqa: N801
    """A person who signs in at a browser."""

    def __init__(self, address: str, size: str, login: str, heard: list[str]):
        self._address, self._login, self._heard = address, login, heard
        self._width, self._height = SIZES[size]
        self._opened = opened_page()

    def __enter__(self) -> Page:
        page = self._opened.__enter__()
        listen(page, self._heard)
        page.set_viewport_size({"width": self._width, "height": self._height})
        page.goto(f"{self._address}/web/login")
        page.fill("input[name=login]", self._login)
        page.fill("input[name=password]", self._login)
        page.press("input[name=password]", "Enter")
        page.wait_for_url(lambda url: "/login" not in url, timeout=WAIT)
        return page

    def __exit__(self, *exception) -> None:
        self._opened.__exit__(*exception)


def upload(page: Page, file: Path) -> None:
    width = page.viewport_size["width"]
    page.goto(page.url.split("/my")[0].rstrip("/") + "/my/supply")
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
    page.goto(f"{address}/odoo/vendor-price-lists")
    page.get_by_text("prices-2027.csv").or_(page.get_by_text("Valley Flour Mill")).first.click(
        timeout=WAIT
    )
    page.get_by_role("button", name="Approve All").click(timeout=WAIT)
    expect(page.locator(".o_notification_manager")).to_contain_text("taken", timeout=WAIT)


def compare(page: Page, address: str) -> None:
    page.goto(f"{address}/odoo/vendor-catalogue")
    offers = page.locator(".o_vendor_offers").filter(has_text="Paper & Pack")
    expect(offers.first.locator(".o_vendor_offer_best")).to_contain_text(
        "Clean & Clear", timeout=WAIT
    )
    offers.first.locator(".o_vendor_offer").first.click()
    page.get_by_role("button", name="Open the Cart").click(timeout=WAIT)
    expect(page.get_by_text("CART00001").first).to_be_visible(timeout=WAIT)


def order(page: Page, address: str) -> None:
    page.get_by_role("button", name="Create RFQs").click(timeout=WAIT)
    expect(page.get_by_text("Requests for Quotation").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Clean & Clear Supplies").first).to_be_visible(timeout=WAIT)
    expect(page.get_by_text("Southern Pantry").first).to_be_visible(timeout=WAIT)
