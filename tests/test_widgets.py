"""Each widget has unit tests, and they pass on Odoo's own test page in a browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from screen_browser import opened_page, served, sign_in
from widgets import module_of, suite_id, unit_tests_of, widgets_of, without_test

from environment.addons import all_addons

TAKES_MINUTES = True

SECONDS = 240
DONE = "Test suite succeeded"


@pytest.mark.parametrize(
    "addon", [addon for addon in all_addons() if widgets_of(addon)], ids=lambda addon: addon.name
)
def test_each_widget_has_a_test(addon: Path) -> None:
    assert not [str(path.relative_to(addon)) for path in without_test(addon)]


def test_of_a_widget_made_up(tmp_path: Path) -> None:
    addon = tmp_path / "supply_partner"
    source, test = addon / "static/src/bar/bar.js", addon / "static/tests/bar/bar.test.js"
    for path in (source, test):
        path.parent.mkdir(parents=True)
    source.write_text("export class Bar {}")
    assert not without_test(addon)
    source.write_text('registry.category("fields").add("bar", bar);')
    assert without_test(addon) == [source]
    test.write_text('import { Other } from "@supply_partner/bar/bars";')
    assert without_test(addon) == [source]
    test.write_text('import { Bar } from "@supply_partner/bar/bar";')
    assert not without_test(addon)
    assert module_of(addon, test) == "@supply_partner/../tests/bar/bar.test"


def test_the_id_of_a_suite() -> None:
    # As Odoo's own test of its test page has it.
    assert suite_id("@web/core/autocomplete") == "69a6561d"


def test_the_tests_pass(clone_database: Callable[..., str]) -> None:
    tested = [addon for addon in all_addons() if unit_tests_of(addon)]
    if not tested:
        pytest.skip("no add-on has unit tests of widgets")
    suites = "".join(f"&id={suite_id(f'@{addon.name}')}" for addon in tested)
    heard: list[str] = []
    with served(clone_database("widgets")) as address, opened_page() as page:
        sign_in(page, address)
        page.on("console", lambda message: heard.append(message.text))
        page.on("pageerror", lambda error: heard.append(f"[HOOT] {error}"))
        options = "headless&loglevel=2&preset=desktop&timeout=15000"
        # The scripts of all tests are built for this first visit.
        page.goto(f"{address}/web/tests?{options}{suites}", timeout=1000 * SECONDS)
        for _second in range(SECONDS):
            if any(is_last(text) for text in heard):
                break
            page.wait_for_timeout(1000)
        known = set(page.evaluate("[...odoo.loader.factories.keys()]"))
    said = "\n".join(heard)
    assert any(DONE in text for text in heard), said
    unknown = {module_of(addon, path) for addon in tested for path in unit_tests_of(addon)} - known
    assert not unknown, "not in the bundle web.assets_unit_tests of the manifest"


def is_last(text: str) -> bool:
    return DONE in text or "Some tests failed" in text or "[HOOT] Error" in text
