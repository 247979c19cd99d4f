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
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { WebClient } from "@web/webclient/webclient";
import { SourcingDrill } from "@supply_partner_sourcing/sourcing_drill/sourcing_drill";

const TAG = "supply_partner_sourcing.sourcing_drill";
const LINE = ".o_sourcing_line:not(.o_sourcing_titles)";

function makeAlternate(id, name, state, changes = {}) {
    const state_name = { qualified: "Qualified", rejected: "Rejected" }[state];
    return { id, name, state, state_name, has_row: true, days: 14, ...changes };
}

const GREEN_COFFEE = {
    id: 21,
    sourcing_id: 31,
    product: "Green Coffee",
    unit: "kg",
    quadrant: "strategic",
    quadrant_name: "Strategic",
    sourcing: "single",
    sourcing_name: "Single Source",
    supply: 120,
    on_hand: 100,
    demand: 2.5,
    out_date: "April 19, 2026",
    out_days: 48,
    switching_days: 60,
    safe_date: "February 18, 2026",
    is_too_late: true,
    at_stake: 5200,
    alternates: [],
};
const CUPS = {
    id: 22,
    sourcing_id: 32,
    product: "Cups",
    unit: "Units",
    quadrant: "leverage",
    quadrant_name: "Leverage",
    sourcing: "multiple",
    sourcing_name: "Several Sources",
    supply: 0.25,
    on_hand: 0.25,
    demand: 0,
    out_date: false,
    out_days: false,
    switching_days: 1,
    safe_date: false,
    is_too_late: false,
    at_stake: 0,
    alternates: [
        makeAlternate(41, "Valley Mill", "qualified"),
        makeAlternate(42, "Paper & Co", "qualified", { has_row: false, days: 1 }),
        makeAlternate(43, "Old Press", "rejected"),
    ],
};
const VENDORS = [
    [7, "Hill Coffee"],
    [8, "Valley Mill"],
];

function makePage(id = 7) {
    return {
        vendors: VENDORS,
        currency_id: 1,
        calculated: "2026-03-02 02:00:00",
        id,
        name: Object.fromEntries(VENDORS)[id],
        spend: 12_000,
        share: 0.755,
        spend_class: "A",
        single_count: 1,
        strategic_count: 1,
        new_vendor_days: 60,
        at_stake: 5200,
        stakes: [{ name: "VIP", color: 1, value: 5000 }],
        late_count: 1,
        out_date: "April 19, 2026",
        safe_date: "February 18, 2026",
        is_too_late: true,
        lines: [GREEN_COFFEE, CUPS],
    };
}

class SourcingProduct extends models.Model {
    _name = "vendor.sourcing.product";

    name = fields.Char();

    _records = [{ id: 31, name: "Green Coffee" }];
    _views = { form: `<form><field name="name"/></form>` };
}

let answer;
beforeEach(() => {
    answer = (id) => makePage(id || undefined);
    onRpc("vendor.sourcing.vendor", "get_drill", ({ args }) => {
        expect.step(`get ${args[0]}`);
        return answer(args[0]);
    });
});

defineMailModels();
defineModels([SourcingProduct]);
defineActions([
    {
        id: 1,
        name: "If a Vendor Stops",
        tag: TAG,
        type: "ir.actions.client",
    },
]);

async function openDrill(additionalContext = {}) {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1, { additionalContext });
}

function watchActions() {
    patchWithCleanup(getService("action"), {
        doAction: ({ res_model, res_id, context }) => expect.step([res_model, res_id || context]),
    });
}

/** Return what a line says of its product, without the labels that only a phone shows. */
function readLine(selector) {
    const said = "[role=cell] > span:not(.o_sourcing_label), [role=cell] > small";
    return [...queryOne(selector).querySelectorAll(said)].map((element) =>
        element.textContent.replaceAll("\u00a0", " ")
    );
}

test("the day of the first stockout, the last day to order elsewhere, what is at stake", async () => {
    expect(registry.category("actions").get(TAG)).toBe(SourcingDrill);
    await openDrill();
    expect("h1").toHaveText("If Hill Coffee stops today");
    expect(queryAllTexts(".o_sourcing_tiles strong")).toEqual([
        "April 19, 2026",
        "February 18, 2026",
        "$ 5,200",
        "1 of 2",
        "$ 12,000",
    ]);
    expect(queryAllTexts(".o_sourcing_tiles small")).toEqual([
        "1 too late already",
        "VIP: $ 5,000",
        "1 strategic",
        "75.5% of all",
    ]);
    expect(".o_sourcing_tiles .o_sourcing_bad").toHaveText(/Order elsewhere by/);
    expect(".o_sourcing_note:last").toHaveText(/60 days are assumed for a new vendor/);
    expect.verifySteps(["get null"]);
});

test("a product that runs out says when, and that it is too late to order elsewhere", async () => {
    await openDrill();
    expect(queryAllTexts(`${LINE}:first .badge`)).toEqual(["Strategic", "Single Source"]);
    expect(readLine(`${LINE}:first`)).toEqual([
        "120 kg",
        "2.5 a day",
        "April 19, 2026",
        "in 48 days",
        "60 days",
        "a new vendor",
        "February 18, 2026",
        "too late already",
        "$ 5,200",
    ]);
    expect(`${LINE}:first`).toHaveClass("o_sourcing_bad");
    expect.verifySteps(["get null"]);
});

test("a product with alternates says who could deliver it from when", async () => {
    await openDrill();
    expect(readLine(`${LINE}:last`)).toEqual(["0.25 Units", "Not in sight", "1 day", "–", "–"]);
    expect(queryAllTexts(".o_sourcing_alternate")).toEqual([
        "Valley Mill Qualified 14 days",
        "Paper & Co Qualified, no price 1 day",
        "Old Press Rejected",
    ]);
    expect(`${LINE}:last`).not.toHaveClass("o_sourcing_bad");
    expect(`${LINE}:last .o_sourcing_add`).toHaveCount(0);
    expect.verifySteps(["get null"]);
});

test("it opens with the vendor it was opened from, and keeps another one on the way back", async () => {
    await openDrill({ active_id: 8 });
    expect("select[name=vendor]").toHaveValue("8");
    await contains("select[name=vendor]").select("7");
    expect("h1").toHaveText("If Hill Coffee stops today");
    await contains(".o_sourcing_open:contains(Green Coffee)").click();
    expect(".o_form_view .o_field_widget[name=name] input").toHaveValue("Green Coffee");
    await contains(".o_back_button, .breadcrumb-item a").click();
    expect("select[name=vendor]").toHaveValue("7");
    expect.verifySteps(["get 8", "get 7", "get 7"]);
});

test("a vendor, an alternate's qualification and a new one are opened", async () => {
    onRpc("vendor.sourcing.source", "action_open_qualification", ({ args }) => {
        expect.step(`qualification of ${args[0]}`);
        return { type: "ir.actions.act_window", res_model: "vendor.qualification", res_id: 51 };
    });
    onRpc("vendor.sourcing.product", "action_add_alternate", ({ args }) => {
        expect.step(`alternate to ${args[0]}`);
        const context = { default_product_id: 61 };
        return { type: "ir.actions.act_window", res_model: "vendor.qualification", context };
    });
    await openDrill();
    watchActions();
    await contains("button:contains(Open Vendor)").click();
    await contains(".o_sourcing_alternate:first").click();
    await contains(".o_sourcing_add").click();
    expect.verifySteps([
        "get null",
        ["res.partner", 7],
        "qualification of 41",
        ["vendor.qualification", 51],
        "alternate to 31",
        ["vendor.qualification", { default_product_id: 61 }],
    ]);
});

test("before anything was bought the page says so; Recalculate shows what is found", async () => {
    answer = () => ({ vendors: [], currency_id: 1, calculated: false });
    onRpc("vendor.sourcing.policy", "recalculate_company", () => {
        expect.step("recalculate");
        answer = () => makePage();
        return true;
    });
    await openDrill();
    expect("h1").toHaveText("Nothing was bought in the period");
    expect("select").toHaveCount(0);
    await contains("button:contains(Recalculate)").click();
    expect(LINE).toHaveCount(2);
    expect(".o_notification").toHaveText("The sourcing figures are calculated.");
    expect("button:contains(Recalculate)").toBeEnabled();
    expect.verifySteps(["get null", "recalculate", "get null"]);
});
