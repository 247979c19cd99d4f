"""The spreadsheet dashboards in a browser: their figures are those of the pivots."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import chain
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from playwright.sync_api import Page, expect
from screen_browser import opened_page, served, sign_in

from environment.addons import ADDONS

# Prints which fields and menus Odoo finds in the spreadsheet that it reads.
_NAMED = """
import json, sys
from odoo.addons.spreadsheet.utils import validate_data

sheet = json.load(sys.stdin)
fields = validate_data.fields_in_spreadsheet(sheet)
menus = validate_data.menus_xml_ids_in_spreadsheet(sheet)
fields = {model: [*names] for model, names in fields.items()}
print(json.dumps({"fields": fields, "menus": [*menus]}))
"""
# The spreadsheet that is shown, found among the components of the page.
_SHEET = """() => {
    const found = [];
    const walk = (node) => {
        const model = node.component.loader?.getActiveDashboard?.()?.model;
        if (model) found.push(model);
        Object.values(node.children).forEach(walk);
    };
    walk(odoo.__WOWL_DEBUG__.root.__owl__);
    return found[0];
}"""
_IS_SHOWN = f"() => Boolean(({_SHEET})())"
_LOAD = f"""async () => {{
    const {{ waitForDataLoaded }} = odoo.loader.modules.get("@spreadsheet/helpers/model");
    await waitForDataLoaded(({_SHEET})());
}}"""
# {label: figure} of the sheet that the cards of the dashboard read.
_FIGURES = f"""() => {{
    const {{ getters }} = ({_SHEET})();
    const cell = (row, col) => getters.getEvaluatedCell({{ sheetId: "data", row, col }});
    const figures = {{}};
    for (let row = 1; cell(row, 0).value; row++) {{
        figures[cell(row, 0).value] = cell(row, 1).value;
    }}
    return figures;
}}"""
_FAULTS = f"""() => {{
    const {{ getters }} = ({_SHEET})();
    return getters.getSheetIds().flatMap((sheetId) =>
        getters.getEvaluatedCells(sheetId)
            .filter((cell) => cell.type === "error")
            .map((cell) => `${{sheetId}}: ${{cell.value}} ${{cell.message}}`)
    );
}}"""
# What a list or a chart that is opened is filtered by, found among the components of the page.
_LISTED = """(model) => {
    const found = [];
    const walk = (node) => {
        const { searchModel } = node.component.env;
        if (searchModel?.resModel === model) found.push(searchModel.domain);
        Object.values(node.children).forEach(walk);
    };
    walk(odoo.__WOWL_DEBUG__.root.__owl__);
    return found[0];
}"""
_CALL = """async ([model, method, args, kwargs]) => odoo.__WOWL_DEBUG__.root.env.services.orm.call(
    model, method, args, kwargs)"""

RANKED = [["tier_id", "!=", False]]
AT_RISK = [*RANKED, ["at_risk", "!=", False]]
RUNNING = [["agreement_id.state", "=", "running"]]


@pytest.fixture(scope="module")
def address(clone_demo_database: Callable[..., str]) -> Iterator[str]:
    with served(clone_demo_database("dashboards")) as address:
        yield address


@pytest.fixture
def page(address: str) -> Iterator[Page]:
    """A page whose errors fail the test."""
    heard: list[str] = []
    with opened_page() as page:
        page.set_viewport_size({"width": 1400, "height": 900})
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("console", lambda message: message.type == "error" and heard.append(message.text))
        yield page
    assert not heard


def call(page: Page, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
    """Call a method as the client does."""
    return page.evaluate(_CALL, [model, method, [*args], kwargs])


def open_dashboard(page: Page, name: str) -> None:
    """Open a dashboard by its name, and wait for its figures."""
    page.evaluate(
        "(id) => odoo.__WOWL_DEBUG__.root.env.services.action.doAction(id)",
        "spreadsheet_dashboard.ir_actions_dashboard_action",
    )
    page.locator(".o_search_panel").get_by_text(name, exact=True).click()
    page.wait_for_function(_IS_SHOWN, timeout=60_000)
    page.evaluate(_LOAD)


def total(page: Page, model: str, domain: list, *measures: str) -> dict[str, float]:
    """Return what a pivot shows as its total."""
    aggregates = [measure if measure == "__count" else f"{measure}:sum" for measure in measures]
    (row,) = call(page, model, "formatted_read_group", domain, [], aggregates)
    return {name: row[key] or 0 for name, key in zip(measures, aggregates, strict=True)}


def test_the_figures_of_customers_are_those_of_the_pivots(page: Page, address: str) -> None:
    sign_in(page, address)
    open_dashboard(page, "Customer Tiers")
    assert not page.evaluate(_FAULTS)
    shown = page.evaluate(_FIGURES)
    ranked = total(page, "customer.standing", RANKED, "__count", "revenue")
    at_risk = total(page, "customer.standing", AT_RISK, "__count", "previous_revenue")
    assert ranked["__count"] > 0
    assert shown["Customers in a Tier"] == ranked["__count"]
    assert shown["Revenue"] == pytest.approx(ranked["revenue"])
    assert shown["At Risk"] == at_risk["__count"]
    assert shown["Revenue at Stake"] == pytest.approx(at_risk["previous_revenue"])
    downgrades = call(page, "customer.standing", "search_count", [["downgrade_on", "!=", False]])
    assert shown["Upcoming Downgrades"] == downgrades
    for label, direction in (("Upgrades", "up"), ("Downgrades", "down")):
        since = (date.today() - timedelta(days=89)).isoformat()
        domain = [["direction", "=", direction], ["date", ">=", since]]
        assert shown[label] == call(page, "customer.standing.change", "search_count", domain)


def test_overview_dashboard_pivot_list_and_card_say_the_same(page: Page, address: str) -> None:
    sign_in(page, address)
    overview = call(page, "customer.tier.overview", "get_overview", "company")
    tiles = {tile["name"]: tile for section in overview["sections"] for tile in section["tiles"]}
    by_tier = call(
        page,
        "customer.standing",
        "formatted_read_group",
        RANKED,
        ["tier_id"],
        ["__count", "revenue:sum"],
    )
    rows = call(
        page,
        "customer.standing",
        "web_search_read",
        RANKED,
        {"partner_id": {"fields": {"display_name": {}}}, "tier_id": {}, "revenue": {}, "score": {}},
    )["records"]
    assert len(rows) == sum(group["__count"] for group in by_tier) > 0
    for group in by_tier:
        tier_id = group["tier_id"][0]
        listed = [row for row in rows if row["tier_id"] == tier_id]
        assert tiles[f"tier_{tier_id}"]["value"] == group["__count"] == len(listed)
        assert group["revenue:sum"] == pytest.approx(sum(row["revenue"] for row in listed))
        assert f"{round(group['revenue:sum']):,}" in tiles[f"tier_{tier_id}"]["hint"]
    open_dashboard(page, "Customer Tiers")
    shown = page.evaluate(_FIGURES)
    assert shown["Customers in a Tier"] == len(rows)
    assert shown["Revenue"] == pytest.approx(sum(row["revenue"] for row in rows))
    assert shown["At Risk"] == tiles["at_risk"]["value"]
    stake = total(page, "customer.standing", AT_RISK, "previous_revenue")
    assert tiles["at_stake"]["value"] == pytest.approx(stake["previous_revenue"])
    assert shown["Revenue at Stake"] == pytest.approx(tiles["at_stake"]["value"])

    # One customer: a row of the list, a cell of the pivot, the card, and the page's months.
    row = max(rows, key=lambda row: row["revenue"])
    domain = [["partner_id", "=", row["partner_id"]["id"]]]
    assert total(page, "customer.standing", domain, "revenue", "score") == pytest.approx(
        {"revenue": row["revenue"], "score": row["score"]}
    )
    card = call(page, "res.partner", "get_tier_card", [row["partner_id"]["id"]])
    assert card["name"] == row["partner_id"]["display_name"]
    assert card["score"] == row["score"]
    spec = {"profile": {}, "tier_id": {"fields": {"display_name": {}}}}
    (record,) = call(page, "customer.standing", "web_read", [row["id"]], spec)
    assert record["tier_id"]["display_name"] == card["tier"]["name"]
    assert record["profile"]["score"] == record["profile"]["months"][-1]["score"] == row["score"]


def test_figures_of_customers_open_what_they_count(page: Page, address: str) -> None:
    """The lists' own default filters, such as My Customers, are not in the way."""
    sign_in(page, address)
    counts = ("Customers in a Tier", "At Risk", "Upcoming Downgrades", "Upgrades", "Downgrades")
    for label in counts:
        open_dashboard(page, "Customer Tiers")
        shown = page.evaluate(_FIGURES)
        assert shown[label] > 0
        page.locator(f"canvas[title='{label}']").click()
        listed = page.locator(".o_pager_limit")
        expect(listed).to_have_text(str(shown[label]), timeout=30_000)


def test_the_figures_of_supply_are_those_of_the_pivots(page: Page, address: str) -> None:
    sign_in(page, address)
    open_dashboard(page, "Supply Partners")
    assert not page.evaluate(_FAULTS)
    shown = page.evaluate(_FIGURES)
    # Odoo's last 12 months go by tomorrow: on the last day of a month that month is one of them.
    this_month = (date.today() + timedelta(days=1)).replace(day=1)
    domain = [
        ["month", ">=", (this_month - relativedelta(months=12)).isoformat()],
        ["month", "<", this_month.isoformat()],
    ]
    rates = {"fill_rate": "Fill Rate", "otif_rate": "On Time in Full"}
    (row,) = call(
        page,
        "vmi.performance",
        "formatted_read_group",
        domain,
        [],
        ["fill_rate:avg", "otif_rate:avg", "stock_value:sum", "ordered_value:sum"],
    )
    for field, label in rates.items():
        rate = row[f"{field}:avg"]
        assert shown[label] == ("–" if rate in (None, False) else f"{round(100 * rate)}%")
    assert shown["Average Stock Value"] == pytest.approx(row["stock_value:sum"] or 0)
    assert shown["Ordered Value"] == pytest.approx(row["ordered_value:sum"] or 0)
    codes = {"Out of Stock": "out", "Below Minimum": "below", "Above Maximum": "above"}
    for label, code in codes.items():
        domain = [*RUNNING, ["stock_status", "=", code]]
        assert shown[label] == call(page, "vmi.agreement.line", "search_count", domain)


def test_figures_of_supply_open_what_they_count(page: Page, address: str) -> None:
    """Within the dashboard's filters, and without the default filters of board and report."""
    sign_in(page, address)
    counts = {
        "Out of Stock": ("vmi.agreement.line", "__count"),
        "Below Minimum": ("vmi.agreement.line", "__count"),
        "Ordered Value": ("vmi.performance", "ordered_value"),
    }
    for label, (model, measure) in counts.items():
        open_dashboard(page, "Supply Partners")
        shown = page.evaluate(_FIGURES)
        assert shown[label] > 0
        page.locator(f"canvas[title='{label}']").click()
        domain = page.wait_for_function(_LISTED, arg=model, timeout=30_000).json_value()
        listed = total(page, model, domain, measure)
        assert listed[measure] == pytest.approx(shown[label])


def dashboards() -> list[dict]:
    """Return the spreadsheets of all add-ons."""
    paths = sorted(ADDONS.glob("*/data/files/*_dashboard.json"))
    return [pytest.param(json.loads(path.read_text()), id=path.stem) for path in paths]


@pytest.mark.parametrize("sheet", dashboards())
def test_what_it_names_is_there(sheet: dict, page: Page, address: str) -> None:
    """Fields, menus, and filters on everything that has the field."""
    printed = subprocess.run(
        [sys.executable, "-c", _NAMED],
        input=json.dumps(sheet),
        capture_output=True,
        text=True,
        check=True,
    )
    named = json.loads(printed.stdout)
    assert named["fields"]
    sign_in(page, address)
    for model, names in named["fields"].items():
        known = call(page, model, "fields_get")
        names = {name.split(":")[0].split(".")[0] for name in names if name != "__count"}
        assert names <= known.keys()
    for xml_id in named["menus"]:
        module, name = xml_id.split(".")
        domain = [["module", "=", module], ["name", "=", name], ["model", "=", "ir.ui.menu"]]
        assert call(page, "ir.model.data", "search_count", domain) == 1, xml_id
    figures = [figure["data"] for sheet in sheet["sheets"] for figure in sheet["figures"]]
    filters = {one["id"] for one in sheet["globalFilters"]}
    for source in chain(sheet["pivots"].values(), sheet["lists"].values(), figures):
        if "fieldMatching" in source:
            assert filters - {"period"} <= source["fieldMatching"].keys() <= filters


@pytest.mark.parametrize("sheet", dashboards())
def test_a_figure_that_may_be_a_dash_is_drawn(sheet: dict) -> None:
    """Odoo draws nothing for a text in a figure that is to shorten large numbers."""
    cells = {
        f"{page['name']}!{key}": content
        for page in sheet["sheets"]
        for key, content in page["cells"].items()
    }
    figures = [figure["data"] for page in sheet["sheets"] for figure in page["figures"]]
    dashes = [
        figure
        for figure in figures
        if figure["type"] == "scorecard" and '"–"' in cells[figure["keyValue"]]
    ]
    assert dashes
    assert not [figure["title"]["text"] for figure in dashes if figure["humanize"]]


@pytest.mark.parametrize("sheet", dashboards())
def test_no_word_is_shown_that_odoo_does_not_translate(sheet: dict) -> None:
    """Odoo shows the name of a pivot above its rows, and the title of an axis, as they are."""
    cells = [cell for page in sheet["sheets"] for cell in page["cells"].values()]
    pivots = [cell for cell in cells if cell.startswith("=PIVOT(")]
    assert pivots
    assert not [cell for cell in pivots if not re.search(r",FALSE,FALSE,\d+,FALSE\)$", cell)]
    figures = [figure["data"] for page in sheet["sheets"] for figure in page["figures"]]
    assert not [figure["title"]["text"] for figure in figures if "axesDesign" in figure]
