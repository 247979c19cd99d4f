import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, expect, test } from "@odoo/hoot";
import { queryAllAttributes, queryAllTexts, queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineActions,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import { SourcingMatrix } from "@supply_partner_sourcing/sourcing_matrix/sourcing_matrix";

const TAG = "supply_partner_sourcing.sourcing_matrix";

function makeCell(code, name, changes = {}) {
    const advice = `Advice on ${name.toLowerCase()}`;
    return { code, name, advice, count: 0, spend: 0, share: 0, single: 0, dots: [], ...changes };
}

/** Return a matrix as the server does: its cells not yet in the order in which they lie. */
function makeMatrix(changes = {}) {
    return {
        company: "Hill Coffee",
        currency_id: 1,
        calculated: "2026-03-02 02:00:00",
        high: 60,
        quadrants: [
            makeCell("strategic", "Strategic", {
                count: 2,
                spend: 12_000,
                share: 0.75,
                single: 1,
                dots: [
                    { id: 11, name: "Green Coffee", risk: 100, spend: 11_000, is_single: true },
                    { id: 12, name: "Grinder", risk: 60, spend: 1000, is_single: false },
                ],
            }),
            makeCell("leverage", "Leverage", {
                count: 1,
                spend: 4000,
                share: 0.25,
                dots: [{ id: 13, name: "Cups", risk: 30, spend: 4000, is_single: false }],
            }),
            makeCell("bottleneck", "Bottleneck"),
            makeCell("routine", "Routine"),
        ],
        alerts: 1,
        ...changes,
    };
}

const cell = (code) => `[data-quadrant=${code}]`;

let matrix;
beforeEach(() => {
    matrix = makeMatrix();
    onRpc("vendor.sourcing.product", "get_matrix", () => {
        expect.step("get");
        return matrix;
    });
});

defineMailModels();
defineActions([
    {
        id: 1,
        name: "Sourcing Matrix",
        tag: TAG,
        type: "ir.actions.client",
    },
    {
        id: 2,
        xml_id: "supply_partner_sourcing.vendor_sourcing_product_action",
        name: "Sources and Risk",
        res_model: "vendor.sourcing.product",
        views: [[false, "list"]],
    },
]);

async function openMatrix() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
}

function watchActions() {
    patchWithCleanup(getService("action"), {
        doAction: ({ name, res_model, res_id, domain }) =>
            expect.step([name || res_model, res_id || domain]),
    });
}

test("high impact lies above and high risk to the right, each cell with its figures", async () => {
    expect(registry.category("actions").get(TAG)).toBe(SourcingMatrix);
    await openMatrix();
    expect(queryAllTexts(".o_sourcing_name")).toEqual([
        "Leverage",
        "Strategic",
        "Routine",
        "Bottleneck",
    ]);
    expect(queryAllTexts(`${cell("strategic")} .o_sourcing_figures`)).toEqual([
        "2 products · $ 12,000 · 75%",
        "1 single source",
    ]);
    expect(queryAllTexts(`${cell("leverage")} .o_sourcing_figures`)).toEqual([
        "1 product · $ 4,000 · 25%",
    ]);
    expect(`${cell("routine")} .o_sourcing_figures`).toHaveText("0 products · $ 0 · 0%");
    expect(`${cell("routine")} .o_sourcing_advice`).toHaveText("Advice on routine");
    expect(".o_sourcing_legend").toHaveText(/High risk from 60 points/);
    expect(".o_sourcing_legend").toHaveText(/Calculated Mar 2/);
    expect.verifySteps(["get"]);
});

test("a dot lies to the right with its risk and upwards with its spend, and says both", async () => {
    await openMatrix();
    const dots = `${cell("strategic")} .o_sourcing_dot`;
    expect(queryAllAttributes(dots, "aria-label")).toEqual([
        "Green Coffee: $\u00a011,000, risk 100",
        "Grinder: $\u00a01,000, risk 60",
    ]);
    const place = (selector) => {
        const { left, bottom } = queryOne(selector).style;
        return [left, bottom];
    };
    expect(place(`${dots}:first`)).toEqual(["92%", "92%"]);
    expect(place(`${dots}:last`)).toEqual(["8%", "8%"]);
    // Half of the way to high risk, and nothing to compare its spend with.
    expect(place(`${cell("leverage")} .o_sourcing_dot`)).toEqual(["50%", "50%"]);
    expect(`${dots}:first`).toHaveClass("o_sourcing_dot_single");
    expect(`${dots}:last`).not.toHaveClass("o_sourcing_dot_single");
    expect.verifySteps(["get"]);
});

test("a cell opens its products, a dot its product, the alert what it counts", async () => {
    await openMatrix();
    watchActions();
    await contains(`${cell("leverage")} .o_sourcing_head`).click();
    await contains(`${cell("strategic")} .o_sourcing_dot:last`).click();
    expect(".o_sourcing_alert").toHaveText("1 strategic product comes from a single source");
    await contains(".o_sourcing_alert").click();
    expect.verifySteps([
        "get",
        ["Leverage", [["quadrant", "=", "leverage"]]],
        ["vendor.sourcing.product", 12],
        ["Strategic and Single Source", [["alert_since", "!=", false]]],
    ]);
});

test("before anything was bought the page says so; Recalculate shows what is found", async () => {
    onRpc("vendor.sourcing.policy", "recalculate_company", () => {
        expect.step("recalculate");
        matrix = makeMatrix({ alerts: 0 });
        return true;
    });
    matrix = makeMatrix({
        quadrants: ["strategic", "leverage", "bottleneck", "routine"].map((code) =>
            makeCell(code, code)
        ),
    });
    await openMatrix();
    expect("h2").toHaveText("Nothing was bought in the period");
    expect(".o_sourcing_cell").toHaveCount(0);
    await contains("button:contains(Recalculate)").click();
    expect(".o_sourcing_cell").toHaveCount(4);
    expect(".o_sourcing_alert").toHaveCount(0);
    expect(".o_notification").toHaveText("The sourcing figures are calculated.");
    expect("button:contains(Recalculate)").toBeEnabled();
    expect.verifySteps(["get", "recalculate", "get"]);
});
