import { SegmentationMatrix } from "@customer_tiering/segmentation_matrix/segmentation_matrix";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame, press, queryAllTexts, queryFirst } from "@odoo/hoot-dom";
import {
    contains,
    getService,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";

defineMailModels();

const VIP = { key: "1", label: "VIP", color: 10, icon: "fa-star", domain: [["tier_id", "=", 1]] };
const OTHER = { key: "2", label: "Ordinary", color: 3, icon: false, domain: [["tier_id", "=", 2]] };
const ACTIVE = {
    key: "active",
    label: "Active",
    color: false,
    icon: false,
    domain: [["lifecycle", "=", "active"]],
};
const LOST = { ...ACTIVE, key: "lost", label: "Lost", domain: [["lifecycle", "=", "lost"]] };
const OPENED = {
    type: "ir.actions.act_window",
    name: "Customer Scores",
    res_model: "customer.standing",
    views: [[false, "list"]],
    domain: [["company_id", "=", 1]],
};
const LENSES = [
    { name: "tier_id", label: "Tier" },
    { name: "lifecycle", label: "Lifecycle" },
    { name: "abc_class", label: "ABC Class" },
];
const figures = (customers, revenue, earned = revenue) => ({ customers, revenue, earned });

function getMatrix(rows, columns, scope) {
    return {
        scopes: [
            { value: "company", label: "Company" },
            { value: "mine", label: "Mine" },
        ],
        scope: scope || "company",
        currency_id: false,
        lenses: LENSES,
        rows: rows || "tier_id",
        columns: columns || "lifecycle",
        row_lines: [VIP, OTHER],
        column_lines: [ACTIVE, LOST],
        cells: {
            1: { active: figures(2, 900) },
            2: { active: figures(30, 110), lost: figures(1, -10, 0) },
        },
        row_totals: { 1: figures(2, 900), 2: figures(31, 100, 110) },
        column_totals: { active: figures(32, 1010), lost: figures(1, -10, 0) },
        total: figures(33, 1000, 1010),
        action: OPENED,
        pivot: { ...OPENED, name: "Pivot" },
        empty: false,
    };
}

async function openPage({ params = {}, get = getMatrix } = {}) {
    onRpc("customer.standing.matrix", "get_matrix", ({ args }) => {
        expect.step(args.map((name) => name || "–").join(" "));
        return get(...args);
    });
    await mountWithCleanup(WebClient);
    await getService("action").doAction({
        type: "ir.actions.client",
        tag: "segmentation_matrix",
        name: "Segmentation Matrix",
        params,
    });
    await animationFrame();
}

function watchActions() {
    patchWithCleanup(getService("action"), {
        doAction: ({ name, domain }) => expect.step(`${name} ${JSON.stringify(domain)}`),
    });
}

const cell = (row, column) => `[data-row="${row}"] [data-column="${column}"]`;

test("the matrix is a table, read in one call, with all figures in each cell", async () => {
    expect(registry.category("actions").get("segmentation_matrix")).toBe(SegmentationMatrix);
    await openPage();
    expect.verifySteps(["– – –"]);
    expect("tbody th[scope=row]").toHaveCount(2);
    expect(queryAllTexts("thead th[scope=col]")).toEqual(["Tier", "Active", "Lost", "Total"]);
    expect(cell(1, "active")).toHaveText("VIP, Active:\n900\n2 customers · 89.1%");
    expect(cell(1, "lost")).toHaveText("–");
    expect(cell(2, "lost")).toHaveText("Ordinary, Lost:\n-10\n1 customer · 0%");
    expect("[data-row=total] td:last").toHaveText("Total:\n1,000\n33 customers · 100%");
});

test("cells are shaded by revenue or by customers", async () => {
    await openPage();
    expect(`${cell(1, "active")} button`).toHaveClass("o_segmentation_shade_5");
    expect(`${cell(2, "active")} button`).toHaveClass("o_segmentation_shade_1");
    expect(`${cell(2, "lost")} button`).toHaveClass("o_segmentation_shade_0");
    await contains("[data-measure=customers]").click();
    expect("[data-measure=customers]").toHaveAttribute("aria-pressed", "true");
    expect(cell(1, "active")).toHaveText("VIP, Active:\n2 customers\n900 · 6.1%");
    expect(`${cell(1, "active")} button`).toHaveClass("o_segmentation_shade_1");
    expect(`${cell(2, "active")} button`).toHaveClass("o_segmentation_shade_5");
    expect("caption").toHaveText("Tier by Lifecycle: the darker a cell, the more customers.");
    expect.verifySteps(["– – –"]);
});

test("a figure opens the customers that it counts, by mouse and by key", async () => {
    await openPage();
    watchActions();
    await contains(`${cell(1, "active")} button`).click();
    queryFirst(`${cell(2, "lost")} button`).focus();
    await press("Enter");
    await contains("[data-row=total] td:last button").click();
    await contains(".o_segmentation_pivot").click();
    expect.verifySteps([
        "– – –",
        'VIP · Active ["&",["company_id","=",1],"&",["tier_id","=",1],["lifecycle","=","active"]]',
        'Ordinary · Lost ["&",["company_id","=",1],"&",["tier_id","=",2],["lifecycle","=","lost"]]',
        'Customer Scores [["company_id","=",1]]',
        'Pivot [["company_id","=",1]]',
    ]);
});

test("lenses are chosen, swapped, and never the same on both sides", async () => {
    await openPage();
    await contains("select[name=columns]").select("abc_class");
    await contains("[aria-label='Swap rows and columns']").click();
    await contains("select[name=rows]").select("tier_id");
    await contains("[data-scope=mine]").click();
    expect.verifySteps([
        "– – –",
        "tier_id abc_class company",
        "abc_class tier_id company",
        "tier_id abc_class company",
        "tier_id abc_class mine",
    ]);
    expect("select[name=rows]").toHaveValue("tier_id");
    expect("select[name=columns]").toHaveValue("abc_class");
});

test("an address keeps the choices, and one that is gone is told", async () => {
    await openPage({
        params: { rows: "gone", columns: "abc_class", measure: "customers", scope: "mine" },
        get: (rows, ...others) => {
            if (rows === "gone") {
                throw makeServerError({ type: "UserError", message: "No segmentation gone" });
            }
            return getMatrix(rows, ...others);
        },
    });
    expect.verifySteps(["gone abc_class mine", "– – –"]);
    await animationFrame();
    expect(".o_notification").toHaveText("No segmentation gone");
    expect("[data-measure=customers]").toHaveAttribute("aria-pressed", "true");
});

test("without customers the page says what it will show, with a button", async () => {
    const empty = { title: "None yet", text: "Later", button: "Calculate", action: OPENED };
    const nothing = { row_lines: [], column_lines: [], cells: {}, lenses: [], rows: false };
    await openPage({ get: (...args) => ({ ...getMatrix(...args), ...nothing, empty }) });
    watchActions();
    expect("table").toHaveCount(0);
    expect(".o_segmentation_empty h2").toHaveText("None yet");
    await contains(".o_segmentation_empty button").click();
    expect.verifySteps(["– – –", 'Customer Scores [["company_id","=",1]]']);
});

test("where one lens alone has data, its totals are shown", async () => {
    const one = { columns: false, column_lines: [], lenses: LENSES.slice(0, 1) };
    await openPage({ get: (...args) => ({ ...getMatrix(...args), ...one }) });
    expect("select").toHaveCount(1);
    expect("thead th").toHaveCount(2);
    expect("caption").toHaveText("Customers by Tier");
    expect.verifySteps(["– – –"]);
});
