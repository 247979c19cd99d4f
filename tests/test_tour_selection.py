"""A manager judges, mends a contradiction by the coach and chooses a vendor; axe finds no fault."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_accessibility import _CHECK

from environment.browser_support import axe_script
from environment.cache import Cache
from environment.errors import SetupError

TAKES_MINUTES = True

WAIT = 20_000
OURS = ["o_pairwise_", "o_selection_", "o_sensitivity_"]


def test_judged_mended_and_chosen(clone_demo_database: Callable[..., str]) -> None:
    heard: list[str] = []
    with served(clone_demo_database("selection")) as address, opened_page() as page:
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and heard.append(message.text),
        )
        resize(page, "desk")
        sign_in(page, address, "purchase", "purchase")
        page.goto(f"{address}/odoo/vendor-selections")
        page.get_by_text("Lids without plastic").first.click(timeout=WAIT)
        expect(page.locator(".o_selection_vendor")).to_have_count(3, timeout=WAIT)
        expect(page.get_by_role("alert").first).to_contain_text("contradict each other")
        faults = look(page)

        # The judge's first comparison that is not in order is the contradictory one.
        page.get_by_role("button", name="Judge Pairs", exact=True).click()
        verdict = page.locator(".o_pairwise_verdict")
        expect(verdict).to_have_text(re.compile(r"Inconsistent: CR 0\.29\d"), timeout=WAIT)
        expect(page.locator(".o_pairwise_coach")).to_contain_text("A circle: ")
        advice = page.locator(".o_pairwise_advice").first
        expect(advice).to_contain_text("still leads", timeout=WAIT)
        faults += look(page)
        advice.get_by_role("button", name="Judge So").click()
        expect(verdict).to_have_text(re.compile(r"Consistent: CR 0\.0\d\d"), timeout=WAIT)
        expect(page.locator(".o_pairwise_coach")).to_have_count(0)

        # Next come those with pairs left: one by its slider, three more by the table.
        page.locator("button[name=action_open_next]").click()
        expect(page.get_by_role("heading", name="Vendors by Product quality")).to_be_visible(
            timeout=WAIT
        )
        left = page.locator(".o_pairwise_open")
        expect(left).to_have_count(1)
        slide(left.locator("input"), "ArrowLeft", 4)
        expect(left).to_have_count(0, timeout=WAIT)
        page.locator("button[name=action_open_next]").click()
        expect(page.get_by_role("heading", name="Vendors by Problem solving")).to_be_visible(
            timeout=WAIT
        )
        page.get_by_role("button", name="Table").click()
        cells = page.locator(".o_pairwise_table select")
        for place, step in enumerate(("1", "2", "1")):
            cells.nth(place).select_option(step)
            expect(cells.nth(place)).to_have_value(step)
            expect(verdict).to_have_text(
                f"{place + 1} of 3 pairs judged" if place < 2 else re.compile("Consistent"),
                timeout=WAIT,
            )
        faults += look(page)

        # All is judged: back at the selection, nothing is in doubt, and the first is chosen.
        page.locator("button[name=action_open_next]").click()
        expect(page.locator(".o_selection_vendor").first).to_contain_text(
            "Green Packaging", timeout=WAIT
        )
        expect(page.locator(".o_field_widget[name=concerns]:visible")).to_have_count(0)
        page.get_by_role("button", name="Choose", exact=True).first.click()
        dialog = page.get_by_role("dialog")
        expect(dialog.locator("[name=candidate_id] input")).to_have_value(
            "Green Packaging", timeout=WAIT
        )
        dialog.get_by_role("button", name="Choose").click()
        expect(page.locator(".o_arrow_button_current")).to_have_text("Chosen", timeout=WAIT)
        page.get_by_role("button", name="Request for Quotation").click()
        expect(page.get_by_role("combobox", name="Vendor").first).to_have_value(
            "Green Packaging", timeout=WAIT
        )
    assert not heard, "\n".join(heard)
    assert not faults, "\n".join(faults)


def resize(page: Page, size: str) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))


def slide(slider: Locator, key: str, times: int) -> None:
    """Move a slider by its keys, in the time of one judgement."""
    target = int(slider.input_value()) + (times if key == "ArrowRight" else -times)
    slider.fill(str(target))


def look(page: Page) -> list[str]:
    """Return what axe finds at a desk and on a phone, and what does not fit."""
    try:
        page.evaluate(axe_script(Cache.of_checkout()).read_text())
    except SetupError:
        return []
    faults: list[str] = []
    for size in ("phone", "desk"):
        resize(page, size)
        page.wait_for_timeout(300)
        faults += [f"{size}: {fault}" for fault in page.evaluate(_CHECK, [OURS])]
        wide = page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
        if wide:
            faults.append(f"{size}: the page is wider than the screen")
    return faults
