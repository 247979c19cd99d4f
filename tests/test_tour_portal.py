"""A customer looks at the own tier on the portal, at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect
from screen_browser import SIZES, opened_page, served
from test_tour_policy import WAIT, listen

TAKES_MINUTES = True


def test_a_customer_sees_the_own_tier(clone_demo_database: Callable[..., str]) -> None:
    heard: list[str] = []
    with served(clone_demo_database("portal")) as address, opened_page() as page:
        listen(page, heard)
        page.goto(f"{address}/web/login?redirect=/my")
        page.fill("input[name=login]", "cafe")
        page.fill("input[name=password]", "cafe")
        page.press("input[name=password]", "Enter")
        page.get_by_text("Your Tier").click(timeout=WAIT)
        for size in SIZES.values():
            page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
            told = page.locator(".o_customer_tier_portal")
            expect(told).to_contain_text("VIP", timeout=WAIT)
            expect(told).to_contain_text("8 % discount on new quotations")
            expect(told).to_contain_text("to stay VIP")
            for kept_back in ("Score", "tolerance", "64."):
                expect(told).not_to_contain_text(kept_back)
            assert page.evaluate("document.body.scrollWidth") <= size[0]
    assert not heard, "\n".join(heard)
