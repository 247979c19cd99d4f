"""An administrator's first steps in Customer Tiers, on a database without customers."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect
from screen_browser import opened_page, served, sign_in

TAKES_MINUTES = True

APP = '.o_app[data-menu-xmlid="customer_tiering.menu_root"]'
SECONDS = 30
WIDE = {"width": 1400, "height": 900}


def test_from_the_policy_to_benefits_by_clicking(clone_database: Callable[..., str]) -> None:
    faults: list[str] = []
    with served(clone_database("first_steps")) as address, opened_page() as page:
        page.set_viewport_size(WIDE)
        page.set_default_timeout(1000 * SECONDS)
        sign_in(page, address)
        page.on("pageerror", lambda error: faults.append(str(error)))
        # Odoo's own hints of other apps lie above the page.
        page.add_style_tag(content=".o_tour_pointer {display: none !important}")
        page.locator(".o_navbar_apps_menu button").first.click()
        page.locator(APP).click()
        for step in ("policy", "preview", "run", "benefits"):
            expect_open(page, step)
        page.get_by_role("button", name="Open the Policy").click()
        page.locator(".o_form_view [name=method]").first.wait_for()
        go_back(page)
        page.get_by_role("button", name="Preview Tiers").click()
        page.locator(".o_form_view").first.wait_for()
        go_back(page)
        expect_done(page, "policy")
        expect_done(page, "preview")
        page.get_by_role("button", name="Run Now").click()
        expect_done(page, "run")
        page.get_by_role("button", name="Set Benefits").click()
        page.locator(".o_data_row [name=name]").first.click()
        page.locator(".o_form_view [name=discount] input").first.fill("5")
        page.locator(".o_form_button_save").click()
        page.locator(".o_form_saved, .o_form_status_indicator_buttons.invisible").first.wait_for(
            state="attached"
        )
        page.locator(".o_breadcrumb").get_by_text("Overview").click()
        page.locator("[data-tile=last_run]").wait_for()
        expect(page.locator(".o_overview_steps")).to_have_count(0)
    assert not faults


def go_back(page: Page) -> None:
    page.locator(".o_breadcrumb").get_by_text("Overview").click()
    page.locator(".o_overview_steps").wait_for()


def expect_open(page: Page, step: str) -> None:
    expect(page.locator(f"[data-step={step}] .fa-circle-o")).to_be_visible()


def expect_done(page: Page, step: str) -> None:
    expect(page.locator(f"[data-step={step}] .fa-check-circle")).to_be_visible(
        timeout=1000 * SECONDS
    )
