"""A sales manager changes the running policy: draft, a threshold dragged, preview, publish."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect
from screen_browser import SIZES, opened_page, served, sign_in

TAKES_MINUTES = True

WAIT = 20_000
# What a threshold is dragged down by, in points.
DRAGGED = 10


def test_a_threshold_is_dragged_previewed_and_published(
    clone_demo_database: Callable[..., str],
) -> None:
    heard: list[str] = []
    with served(clone_demo_database("policy")) as address, opened_page() as page:
        listen(page, heard)
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["desk"], strict=True)))
        sign_in(page, address, "sales", "sales")
        page.goto(f"{address}/odoo/customer-tier-policies")
        page.locator(".o_data_row", has_text="Running").locator("td[name=name]").click()
        # What runs is not changed in place.
        tiers = page.locator(".o_field_widget[name=tier_ids]")
        expect(tiers.locator(".o_data_row").first).to_be_visible(timeout=WAIT)
        expect(tiers.get_by_text("Add a line")).to_have_count(0)
        page.get_by_role("button", name="Edit as Draft").click()
        expect(page.get_by_text("nobody moves until it is previewed")).to_be_visible(timeout=WAIT)

        before, after = drag_best_threshold(page)
        assert before - DRAGGED - 1 <= after < before

        page.get_by_role("button", name="Preview", exact=True).click()
        expect(page.get_by_text("No tier was changed.")).to_be_visible(timeout=WAIT)
        expect(page.locator(".o_field_widget[name=forecast_text]")).to_contain_text(
            re.compile("may move|No customer")
        )
        expect(
            page.locator(".o_field_widget[name=migration_ids] .o_data_row").first
        ).to_be_visible()
        page.get_by_role("button", name="Estimate Costs").click()
        expect(page.locator(".o_field_widget[name=extra_discount]")).to_be_visible(timeout=WAIT)

        page.get_by_role("button", name="Publish", exact=True).click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text(f"From Score: {before:g} → {after:g}", timeout=WAIT)
        expect(dialog).to_contain_text("At the next tier run")
        dialog.get_by_role("button", name="Publish").click()
        expect(page.locator(".o_notification")).to_contain_text(
            re.compile(r"customers? moved|No customer changed tier"), timeout=WAIT
        )
        expect(page.get_by_role("button", name="Edit as Draft")).to_be_visible(timeout=WAIT)
        expect(page.locator("[name=tier_ids] .o_data_row [name=min_score]").first).to_have_text(
            f"{after:.2f}"
        )

        # To recalculate asks first, and answers.
        page.get_by_role("button", name="Recalculate Tiers").click()
        dialog = page.get_by_role("dialog")
        expect(dialog).to_contain_text("are scored again", timeout=WAIT)
        dialog.get_by_role("button", name="Recalculate", exact=True).click()
        expect(page.locator(".o_notification").last).to_contain_text(
            "No customer changed tier", timeout=WAIT
        )
    assert not heard, "\n".join(heard)


def drag_best_threshold(page: Page) -> tuple[float, float]:
    """Drag the threshold of the best tier to the left; return its score before and after."""
    handle = page.get_by_role("slider").first
    expect(handle).to_be_visible(timeout=WAIT)
    size = page.locator(".o_tier_thresholds li").first
    tier = page.locator("[name=tier_ids] .o_data_row [name=min_score]").first
    before = float(handle.get_attribute("aria-valuenow"))
    told = size.inner_text()
    plot = page.locator(".o_tier_thresholds_plot").bounding_box()
    y = plot["y"] + plot["height"] / 2
    page.mouse.move(plot["x"] + plot["width"] * before / 100, y)
    page.mouse.down()
    page.mouse.move(plot["x"] + plot["width"] * (before - DRAGGED) / 100, y, steps=8)
    # The sizes follow while it is dragged, and the tier once it is let go of.
    expect(size).not_to_have_text(told)
    expect(tier).to_have_text(f"{before:.2f}")
    page.mouse.up()
    after = float(handle.get_attribute("aria-valuenow"))
    expect(tier).to_have_text(f"{after:.2f}")
    # The keyboard does the same.
    handle.press("ArrowRight")
    expect(tier).to_have_text(f"{after + 0.5:.2f}")
    handle.press("ArrowLeft")
    expect(tier).to_have_text(f"{after:.2f}")
    return before, after


def listen(page: Page, heard: list[str]) -> None:
    """Note what goes wrong on our screens."""
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on(
        "console",
        lambda message: (
            heard.append(message.text)
            if message.type in ("error", "warning")
            # What Odoo fetches from elsewhere is not to be had offline.
            and "net::ERR_" not in message.text
            else None
        ),
    )
