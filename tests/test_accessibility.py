"""Each screen of the demo company through axe-core: nothing serious or critical is ours."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from screen_browser import SIZES, Visit, opened_page, served

from environment.addons import all_addons
from environment.browser_support import axe_script
from environment.cache import Cache
from environment.errors import SetupError

TAKES_MINUTES = True

# What our own components draw; the rest of a screen is Odoo's.
OURS = (
    "o_customer_tier",
    "o_customer_profile",
    "o_customer_timeline",
    "o_overview_",
    "o_pairwise_",
    "o_score_scale",
    "o_segmentation_",
    "o_selection_",
    "o_sensitivity_",
    "o_tier_",
    "o_vmi_level",
    "o_vmi_proposal",
    "o_vmi_quantity",
    "o_vendor_offer",
    "o_supply_scorecard",
    "o_sourcing_",
)
_CHECK = """async ([ours]) => {
    // A list or form of Odoo's that we extend has our class at its root, and is Odoo's.
    const selector = ours.map((name) => `[class*="${name}"]:not(.o_view_controller)`).join(",");
    const { violations } = await axe.run(document.querySelector(".o_action_manager"), {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    });
    return violations
        .filter((violation) => ["serious", "critical"].includes(violation.impact))
        .flatMap((violation) =>
            violation.nodes
                .filter((node) => {
                    const found = document.querySelector(node.target[0]);
                    // The search bar is Odoo's on each screen.
                    return found?.closest(selector) && !found.closest(".o_searchview");
                })
                .map((node) => `${violation.id}: ${node.html.slice(0, 200)}`)
        );
}"""


class Inspection(Visit):
    """A visit of every menu that looks at each screen with axe."""

    script = ""

    def _settle(self, page: Page, name: str, size: str) -> None:
        super()._settle(page, name, size)
        page.evaluate(self.script)
        for fault in dict.fromkeys(page.evaluate(_CHECK, [list(OURS)])):
            self._fail(fault)


@pytest.fixture(scope="module")
def script() -> str:
    try:
        return axe_script(Cache.of_checkout()).read_text()
    except SetupError as error:
        pytest.skip(f"axe-core cannot be had: {error}")


def test_every_screen_of_ours(clone_demo_database: Callable[..., str], script: str) -> None:
    Inspection.script = script
    ours = [folder.name for folder in all_addons()]
    with served(clone_demo_database("axe")) as address:
        inspection = Inspection(address, ours, opens_records=True).open_all()
    assert not inspection.failures, "\n".join(inspection.failures)
    assert len(inspection.opened) > 40, json.dumps(inspection.opened)
    records = [where for where in inspection.opened if where.endswith("first record")]
    assert len(records) > 20, json.dumps(records)


# The pages of the portal that are ours, by who sees them.
PORTAL = {
    "cafe": ("/my/tier",),
    "flour": (
        "/my/supply",
        "/my/supply/proposals",
        "/my/supply/orders",
        "/my/supply/shipments",
        "/my/supply/sell-through",
        "/my/supply/forecast",
        "/my/supply/prices",
        "/my/supply/keys",
    ),
    "hill": ("/my/supply/shipments", "/my/supply/forecast"),
    "orchard": ("/my/supply", "/my/supply/settlements"),
}
_PORTAL_CHECK = """async () => {
    const { violations } = await axe.run("#wrap", {
        resultTypes: ["violations"],
        runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
    });
    return violations
        .filter((violation) => ["serious", "critical"].includes(violation.impact))
        .flatMap((violation) => violation.nodes
            .filter((node) => document.querySelector(node.target[0])?.closest(
                ".o_vendor_portal, .o_customer_tier_portal"))
            .map((node) => `${violation.id}: ${node.html.slice(0, 200)}`));
}"""


def test_every_page_of_ours_on_the_portal(
    clone_demo_database: Callable[..., str], script: str
) -> None:
    faults: list[str] = []
    with served(clone_demo_database("axeportal")) as address:
        for login, paths in PORTAL.items():
            with opened_page() as page:
                page.goto(f"{address}/web/login", timeout=240_000)
                page.fill("input[name=login]", login)
                page.fill("input[name=password]", login)
                page.press("input[name=password]", "Enter")
                page.wait_for_url("**/my**")
                for path in [*paths, *_details(page, address, paths)]:
                    for width, height in SIZES.values():
                        page.set_viewport_size({"width": width, "height": height})
                        page.goto(f"{address}{path}")
                        page.evaluate(script)
                        faults += [
                            f"{path}, {width}: {one}" for one in page.evaluate(_PORTAL_CHECK)
                        ]
    assert not faults, "\n".join(dict.fromkeys(faults))


def _details(page: Page, address: str, paths: tuple[str, ...]) -> list[str]:
    """Return the page behind the first row of each list, and where it leads."""
    found = []
    for path in paths:
        page.goto(f"{address}{path}")
        link = page.locator("a.o_vendor_row").first
        if link.count():
            found.append(link.get_attribute("href") or "")
    announce = []
    for path in found:
        page.goto(f"{address}{path}")
        link = page.get_by_role("link", name="Announce a Shipment")
        if link.count():
            announce.append(link.get_attribute("href") or "")
    return [*found, *announce]
