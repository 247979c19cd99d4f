import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineActions,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { setupChartJsForTests } from "@web/../tests/views/graph/graph_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import { SupplyScorecard } from "@supply_partner_performance/supply_scorecard/supply_scorecard";

const MODEL = "vmi.performance";
const FIGURE = ".o_supply_scorecard_figure";

/** Return a scorecard of three months; ``changes`` are its figures' values, by name. */
function makeData(changes = {}) {
    const figure = (name, label, kind, direction, values) => ({
        name,
        label,
        help: "",
        kind,
        direction,
        values: changes[name] || values,
    });
    return {
        months: ["Jan 2026", "Feb 2026", "Mar 2026"],
        levels: [
            {
                code: "service",
                title: "Service",
                figures: [figure("fill_rate", "Fill Rate", "percentage", 1, [null, 0.5, 0.8])],
            },
            {
                code: "assets",
                title: "Assets",
                figures: [
                    figure("stock_value", "Average Stock Value", "monetary", 0, [10, 40, 20]),
                    figure("days_of_supply", "Days of Supply", "days", 0, [5, 5, 5]),
                ],
            },
            {
                code: "cost",
                title: "Cost",
                figures: [
                    figure("order_count", "Orders", "integer", 0, [1, 2.4, 1234.6]),
                    figure("price_excess", "Paid above Agreed Price", "monetary", -1, [0, 0, 7]),
                ],
            },
        ],
        agreements: [
            [3, "SA0003 · Acme"],
            [4, "SA0004 · Bolt & Co"],
        ],
        currency_id: 1,
        domain: [["company_id", "=", 1]],
    };
}

class Performance extends models.Model {
    _name = MODEL;

    month = fields.Date();
    company_id = fields.Many2one({ relation: "res.company" });
    fill_rate = fields.Float({ aggregator: "avg" });

    _records = [{ id: 1, month: "2026-03-01", company_id: 1, fill_rate: 0.8 }];
    _views = {
        graph: `<graph><field name="month"/></graph>`,
        search: `<search/>`,
    };
}

defineMailModels();
defineModels([Performance]);
setupChartJsForTests();
defineActions([
    {
        id: 1,
        name: "Supply Scorecard",
        tag: "supply_partner_performance.supply_scorecard",
        type: "ir.actions.client",
    },
    {
        id: 2,
        xml_id: "supply_partner_performance.vmi_performance_action",
        name: "Supply Performance",
        res_model: MODEL,
        views: [[false, "graph"]],
    },
]);

let data;
beforeEach(() => {
    data = makeData();
    onRpc(MODEL, "get_supply_scorecard", ({ args }) => {
        expect.step(`get ${args[0]}`);
        return data;
    });
    onRpc(MODEL, "refresh_supply_scorecard", ({ args }) => {
        expect.step(`refresh ${args[0]}`);
        return true;
    });
});

async function openScorecard(additionalContext = {}) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1, { additionalContext });
}

test("each figure is shown as what it is, beside the month before", async () => {
    await openScorecard();
    expect.verifySteps(["get false"]);
    expect(queryAllTexts("h2")).toEqual(["Service", "Assets", "Cost"]);
    expect(queryAllTexts(".o_supply_scorecard_value")).toEqual([
        "80%",
        "$ 20",
        "5.0 days",
        "1,235",
        "$ 7",
    ]);
    expect(`${FIGURE}:first`).toHaveText(/Feb 2026: 50%/);
    expect(".alert").toHaveCount(0);
});

test("an arrow says where it went, and a colour whether that is good", async () => {
    await openScorecard();
    expect.verifySteps(["get false"]);
    const [fillRate, stock, supply, , excess] = document.querySelectorAll(FIGURE);
    expect(fillRate.querySelector(".text-success .fa-arrow-up")).not.toBe(null);
    expect(stock.querySelector(".text-muted .fa-arrow-down")).not.toBe(null);
    expect(supply.querySelector(".fa")).toBe(null);
    expect(excess.querySelector(".text-danger .fa-arrow-up")).not.toBe(null);
});

test("a month without a figure has no bar, and the highest one has the whole height", async () => {
    await openScorecard();
    expect.verifySteps(["get false"]);
    const [fillRate, stock] = document.querySelectorAll(FIGURE);
    const heights = (figure) =>
        [...figure.querySelectorAll(".o_supply_scorecard_slot")].map(
            (slot) => slot.firstElementChild?.style.height || ""
        );
    expect(heights(fillRate)).toEqual(["", "50%", "80%"]);
    expect(heights(stock)).toEqual(["25%", "100%", "50%"]);
    expect(queryOne(`${FIGURE}:first .o_latest`).parentElement).toHaveAttribute(
        "title",
        "Mar 2026: 80%"
    );
});

test("what is not known is a dash, and the page says so where nothing is", async () => {
    const nothing = [null, null, null];
    data = makeData({
        fill_rate: nothing,
        stock_value: nothing,
        days_of_supply: nothing,
        order_count: nothing,
        price_excess: nothing,
    });
    await openScorecard();
    expect.verifySteps(["get false"]);
    expect(queryAllTexts(".o_supply_scorecard_value")).toEqual(["–", "–", "–", "–", "–"]);
    expect(".alert-info").toHaveCount(1);
    expect(".o_supply_scorecard_bar").toHaveCount(0);
});

test("it opens with the agreement it was opened from, and another one can be chosen", async () => {
    await openScorecard({ active_id: 4 });
    expect("select").toHaveValue("4");
    await contains("select").select("3");
    await contains("select").select("");
    expect.verifySteps(["get 4", "get 3", "get false"]);
});

test("Recalculate calculates the chosen agreement's figures anew and shows them", async () => {
    await openScorecard({ active_id: 4 });
    data = makeData({ fill_rate: [0, 0, 1] });
    await contains("button:contains(Recalculate)").click();
    expect(".o_supply_scorecard_value:first").toHaveText("100%");
    expect("button:contains(Recalculate)").toBeEnabled();
    expect.verifySteps(["get 4", "refresh 4", "get 4"]);
});

test("a figure opens the graph of the rows behind it", async () => {
    onRpc(MODEL, "formatted_read_group", ({ kwargs }) => {
        expect.step([kwargs.domain, kwargs.aggregates]);
    });
    await openScorecard();
    await contains(`${FIGURE}:first`).click();
    expect(".o_graph_view").toHaveCount(1);
    expect.verifySteps(["get false", [data.domain, ["__count", "fill_rate:avg"]]]);
});

test("the client knows it by its tag", () => {
    const tag = "supply_partner_performance.supply_scorecard";
    expect(registry.category("actions").get(tag)).toBe(SupplyScorecard);
});
