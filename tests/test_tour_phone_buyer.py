"""A buyer approves what reviews proposed on a phone, with one quantity changed."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect
from screen_browser import SIZES, opened_page, served, sign_in

TAKES_MINUTES = True

WAIT = 20_000
PLATE, VENDOR = "Dinner Plate 27 cm", "Porcelain Works"


def test_lines_are_approved_by_tap(clone_demo_database: Callable[..., str]) -> None:
    heard: list[str] = []
    with served(clone_demo_database("phone")) as address, opened_page() as page:
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on(
            "console",
            lambda message: message.type in ("error", "warning") and heard.append(message.text),
        )
        page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))
        sign_in(page, address, "buyer", "buyer")
        page.goto(f"{address}/odoo/supply-lines-to-approve")
        groups = page.locator(".o_kanban_group")
        expect(groups.first).to_be_visible(timeout=WAIT)
        # Odoo's bot greets a newcomer in a window above everything, on a phone.
        page.add_style_tag(content=".o-mail-ChatHub {display: none !important}")
        count = groups.count()
        # The proposals stand one below the other, as wide as the screen.
        assert page.evaluate("document.body.scrollWidth") <= SIZES["phone"][0]
        group = groups.filter(has_text=VENDOR)
        title = group.locator(".o_vmi_proposal_title")
        expect(title).to_have_text(
            re.compile(rf"^{VENDOR} · 1 line · \$\s595\.20 · expires \w+ \d+$")
        )
        card = group.locator(".o_kanban_record", has_text=PLATE)
        expect(card).to_contain_text("On hand 115")
        expect(card).to_contain_text("arrives")

        quantity = card.get_by_label("To Order", exact=True)
        quantity.fill("-5")
        quantity.press("Enter")
        expect(page.locator(".o_notification").last).to_contain_text("To Order", timeout=WAIT)
        expect(quantity).to_have_value("192")
        card.get_by_label("To Order: less").click()
        expect(quantity).to_have_value("168", timeout=WAIT)
        expect(title).to_contain_text("520.80")

        group.get_by_role("button", name="Approve").click()
        told = page.locator(".o_notification", has_text="created · Open")
        expect(told).to_be_visible(timeout=WAIT)
        expect(groups).to_have_count(count - 1, timeout=WAIT)
        expect(group).to_have_count(0)

        link = told.get_by_role("link", name="Open").get_attribute("href")
        page.goto(f"{address}{link}")
        expect(page.locator(".o_form_view")).to_contain_text(PLATE, timeout=WAIT)
        expect(page.locator(".o_form_view")).to_contain_text("520.80")
    assert not heard, "\n".join(heard)
