"""A buyer goes from the matrix to a product, lets its vendor stop, and finds an alternate."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in
from test_accessibility import _CHECK, OURS

from environment.browser_support import axe_script
from environment.cache import Cache
from environment.errors import SetupError

TAKES_MINUTES = True

WAIT = 20_000


@pytest.fixture(scope="module")
def script() -> str:
    try:
        return axe_script(Cache.of_checkout()).read_text()
    except SetupError as error:
        pytest.skip(f"axe-core cannot be had: {error}")


def test_from_the_matrix_to_an_alternate(
    clone_demo_database: Callable[..., str], script: str
) -> None:
    heard: list[str] = []
    with served(clone_demo_database("drill")) as address, opened_page() as page:
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and heard.append(message.text),
        )
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
        sign_in(page, address, "buyer", "buyer")
        page.goto(f"{address}/odoo/sourcing-matrix")
        strategic = page.locator(".o_sourcing_cell[data-quadrant=strategic]")
        expect(strategic.locator(".o_sourcing_dot_single").first).to_be_visible(timeout=WAIT)
        check(page, script, heard)
        strategic.locator(".o_sourcing_head").click()

        espresso = page.locator(".o_data_row", has_text="Espresso Beans 1 kg")
        expect(espresso).to_contain_text("Single Source", timeout=WAIT)
        expect(page.locator(".o_data_row", has_text="Wheat Flour 25 kg")).to_contain_text(
            "Single by Habit"
        )
        espresso.locator("td[name=product_id]").click()
        expect(page.locator(".o_field_widget[name=source_ids]")).to_contain_text(
            "Lowland Roasters", timeout=WAIT
        )
        page.get_by_role("button", name="If the Main Vendor Stops").click()

        expect(page.get_by_role("heading", level=1)).to_have_text(
            "If Hill Coffee Roasters stops today", timeout=WAIT
        )
        line = page.locator(".o_sourcing_line", has_text="Espresso Beans 1 kg")
        expect(line).to_contain_text(re.compile(r"in \d+ days"))
        expect(line).to_contain_text("69 days")
        check(page, script, heard)
        phone(page)
        line.locator(".o_sourcing_alternate", has_text="Lowland Roasters").click()
        expect(page.locator(".o_field_widget[name=partner_id] input")).to_have_value(
            "Lowland Roasters", timeout=WAIT
        )
        expect(page.locator(".o_arrow_button_current")).to_have_text("In Progress")
    assert not heard, "\n".join(heard)


def phone(page: Page) -> None:
    """Nothing of the page is cut at the width of a phone."""
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))
    content = page.locator(".o_sourcing_drill")
    assert content.evaluate("node => node.scrollWidth <= node.clientWidth")
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))


def check(page: Page, script: str, heard: list[str]) -> None:
    """Look at the page with axe."""
    page.evaluate(script)
    heard.extend(dict.fromkeys(page.evaluate(_CHECK, [list(OURS)])))
