"""A buyer's morning at the desk: the overview, two lines approved, the board, the order."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_tour_policy import WAIT, listen

TAKES_MINUTES = True

VENDOR, CHANGED, KEPT = "Valley Flour Mill", "Rye Flour 25 kg", "Wheat Flour 25 kg"
QUANTITY = 60


def test_the_morning_at_the_desk(clone_demo_database: Callable[..., str]) -> None:
    heard: list[str] = []
    with served(clone_demo_database("buyer")) as address, opened_page() as page:
        listen(page, heard)
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
        sign_in(page, address, "buyer", "buyer")
        page.goto(f"{address}/odoo/supply-stock-board")
        board_of(page, CHANGED, re.compile(r"On hand 0(?! · coming)"))

        page.goto(f"{address}/odoo/supply-overview")
        tile = page.locator(".o_overview_tile", has_text="Lines to Approve").first
        expect(tile).to_be_visible(timeout=WAIT)
        count = int(re.search(r"\d+", tile.inner_text()).group())
        tile.click()
        rows = page.locator(".o_data_row")
        expect(rows).to_have_count(count, timeout=WAIT)

        group = page.locator(".o_group_header", has_text=VENDOR)
        expect(group).to_contain_text("2 lines")
        answer_for_the_vendor(page)
        change(page, CHANGED, QUANTITY)
        expect(group).to_contain_text("1,460.00", timeout=WAIT)
        group.get_by_role("button", name="Approve").click()
        told = page.locator(".o_notification", has_text="created · Open")
        expect(told).to_have_text(re.compile(r"P\d+ created · Open"), timeout=WAIT)
        expect(group).to_have_count(0, timeout=WAIT)
        expect(rows).to_have_count(count - 2)
        link = told.get_by_role("link", name="Open").get_attribute("href")
        order = re.search(r"P\d+", told.inner_text()).group()

        page.goto(f"{address}/odoo/supply-stock-board")
        board_of(page, CHANGED, re.compile(rf"On hand 0 · coming {QUANTITY} \({order}, [\w ]+\)"))
        page.goto(f"{address}{link}")
        line = page.locator(".o_form_view .o_data_row", has_text=CHANGED)
        expect(line).to_contain_text(str(QUANTITY), timeout=WAIT)
        expect(page.locator(".o_form_view .o_data_row", has_text=KEPT)).to_contain_text("40")
        expect(page.locator(".o_form_view")).to_contain_text("1,460.00")
    assert not heard, "\n".join(heard)


def board_of(page: Page, product: str, note: re.Pattern) -> None:
    """Look at the note on a product's card."""
    card = page.locator(".o_kanban_record", has_text=product)
    expect(card).to_contain_text(note, timeout=WAIT)


def answer_for_the_vendor(page: Page) -> None:
    """Enter what the vendor said on the telephone: just what was answered so far."""
    group = page.locator(".o_group_header", has_text=VENDOR)
    group.get_by_role("button", name="Answer for the Vendor").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(KEPT, timeout=WAIT)
    dialog.get_by_role("button", name="Save the Vendor's Answer").click()
    expect(page.locator(".o_notification")).to_contain_text(f"Answered for {VENDOR}", timeout=WAIT)
    expect(group.get_by_role("button", name="Approve")).to_be_visible(timeout=WAIT)


def change(page: Page, product: str, quantity: int) -> None:
    """Type another quantity into the list."""
    row = page.locator(".o_data_row", has_text=product)
    row.locator("td[name=approved_qty]").click()
    box = row.locator("td[name=approved_qty] input")
    expect(box).to_be_focused(timeout=WAIT)
    box.fill(str(quantity))
    box.press("Tab")
