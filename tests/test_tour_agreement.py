"""A buyer makes an agreement of a vendor's ten products, simulates and starts it, in few clicks."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from screen_browser import SIZES, opened_page, served, sign_in

TAKES_MINUTES = True

WAIT = 20_000
MOST_CLICKS = 8


class Hand:
    """Clicks, and counts the clicks."""

    def __init__(self) -> None:
        self.clicks = 0

    def click(self, target: Locator) -> None:
        target.click(timeout=WAIT)
        self.clicks += 1


def test_ten_products_in_eight_clicks(clone_demo_database: Callable[..., str]) -> None:
    heard: list[str] = []
    hand = Hand()
    with served(clone_demo_database("agreement")) as address, opened_page() as page:
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and heard.append(message.text),
        )
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
        sign_in(page, address, "buyer", "buyer")
        page.goto(f"{address}/odoo/supply-agreements")
        hand.click(page.locator(".o_list_button_add"))
        choose_vendor(page, hand)
        hand.click(page.get_by_role("button", name="Add the Vendor's Products"))
        expect(page.locator(".o_notification")).to_contain_text("10 products added", timeout=WAIT)
        lines = page.locator(".o_field_widget[name=line_ids] .o_data_row")
        expect(lines).to_have_count(10)
        expect(lines.locator("td[name=levels_text]").first).to_have_text(re.compile(r"\d+–\d+ "))
        enter_missing_levels(page, lines, hand)

        hand.click(page.get_by_role("button", name="Simulate", exact=True))
        expect(page.locator(".o_field_widget[name=summary]:visible")).to_have_text(
            re.compile(r"^Fill rate [\d.]+ % (instead of [\d.]+ %|as it was), (the same )?stock"),
            timeout=WAIT,
        )
        assert page.locator("canvas:visible").count() == 2

        hand.click(page.get_by_role("button", name="Start the Agreement"))
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("10 products: stock at WH/Stock is reviewed every day")
        expect(dialog).to_contain_text("The first review is made now")
        hand.click(dialog.get_by_role("button", name="Start"))
        expect(page.locator(".o_notification").last).to_contain_text("is running", timeout=WAIT)
        expect(page.locator(".o_arrow_button_current")).to_have_text("Running", timeout=WAIT)
        expect(lines.locator(".o_vmi_level_bar")).to_have_count(10)
        # Nothing is cut beside the history.
        sheet = page.locator(".o_field_widget[name=line_ids] .o_list_renderer")
        assert sheet.evaluate("node => node.scrollWidth <= node.clientWidth")
    assert hand.clicks <= MOST_CLICKS
    assert not heard, "\n".join(heard)


def choose_vendor(page: Page, hand: Hand) -> None:
    # A new agreement begins with its vendor: the cursor is there.
    expect(page.locator(".o_field_widget[name=partner_id] input")).to_be_focused(timeout=WAIT)
    page.keyboard.type("Southern Pantry")
    hand.click(page.locator(".ui-autocomplete a", has_text="Southern Pantry").first)


def enter_missing_levels(page: Page, lines: Locator, hand: Hand) -> None:
    """Type the levels of the one product that nobody asked for lately."""
    missing = lines.filter(has_text="Enter the levels")
    expect(missing).to_have_count(1)
    hand.click(missing.locator("td[name=levels_text]"))
    expect(page.locator(".o_vmi_levels input").first).to_be_focused()
    page.keyboard.type("10")
    page.keyboard.press("Tab")
    page.keyboard.type("30")
