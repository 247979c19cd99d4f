import {
    countByTier,
    heightsOf,
    limitThreshold,
} from "@customer_tiering/tier_thresholds/thresholds";
import { tierThresholds } from "@customer_tiering/tier_thresholds/tier_thresholds";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { describe, expect, test } from "@odoo/hoot";
import { keyDown, manuallyDispatchProgrammaticEvent, queryOne, queryRect } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";

describe.current.tags("desktop");

// Ten customers at 10, five at 70, two at 80, one at 100, and one without any figure.
const HISTOGRAM = {
    steps: 1000,
    counts: [
        [101, 10],
        [701, 5],
        [801, 2],
        [1001, 1],
    ],
    unscored: 1,
    prospects: 4,
};
const TIERS = [
    { id: 1, from: 80 },
    { id: 2, from: 60 },
    { id: 3, from: 0 },
];

class Policy extends models.Model {
    _name = "policy";
    method = fields.Selection({ selection: [["score", "Score"], ["top_share", "Share"]] });
    score_histogram = fields.Json();
    tier_ids = fields.One2many({ relation: "tier" });
    _records = [{ id: 1, method: "score", score_histogram: HISTOGRAM, tier_ids: [1, 2, 3] }];
    _views = {
        form: `
            <form>
                <field name="method"/>
                <field name="score_histogram" widget="tier_thresholds"/>
                <field name="tier_ids">
                    <list editable="bottom">
                        <field name="name"/><field name="sequence"/><field name="color"/>
                        <field name="min_score"/>
                    </list>
                </field>
            </form>`,
    };
}

class Tier extends models.Model {
    _name = "tier";
    name = fields.Char();
    sequence = fields.Integer();
    color = fields.Integer();
    min_score = fields.Float();
    _records = [
        { id: 1, name: "VIP", sequence: 10, color: 1, min_score: 80 },
        { id: 2, name: "Important", sequence: 20, color: 2, min_score: 60 },
        { id: 3, name: "Ordinary", sequence: 30, color: 3, min_score: 0 },
    ];
}

preloadBundle("web.chartjs_lib");
defineMailModels();
defineModels([Policy, Tier]);

const size = (tier) => queryOne(`li[data-tier=${tier}]`).innerText.replace(/\s+/g, " ").trim();
const handle = (tier) => `.o_tier_thresholds_handle[data-tier=${tier}]`;

async function point(type, target, clientX) {
    await manuallyDispatchProgrammaticEvent(queryOne(target), type, { clientX, button: 0 });
    await animationFrame();
}

test("customers count for the best tier whose threshold they reach", () => {
    expect([...countByTier(HISTOGRAM, TIERS)]).toEqual([
        [1, 3],
        [2, 5],
        [3, 11],
    ]);
    const lower = [{ id: 1, from: 70 }, ...TIERS.slice(1)];
    expect(countByTier(HISTOGRAM, lower).get(1)).toBe(8);
    expect([...countByTier(HISTOGRAM, [])]).toEqual([]);
});

test("a threshold stays between its neighbours", () => {
    expect(limitThreshold(TIERS, 0, 72.3)).toBe(72.5);
    expect(limitThreshold(TIERS, 0, 20)).toBe(60.5);
    expect(limitThreshold(TIERS, 0, 130)).toBe(100);
    expect(limitThreshold(TIERS, 1, 95)).toBe(79.5);
});

test("the bars hold all customers with a score", () => {
    const heights = heightsOf(HISTOGRAM, 50);
    expect(heights.length).toBe(50);
    expect([heights[5], heights[35], heights[40], heights[49]]).toEqual([10, 5, 2, 1]);
});

test("a threshold that is dragged changes the tier and counts again", async () => {
    onRpc("policy", "web_save", ({ args }) => {
        expect.step(args[1].tier_ids);
    });
    await mountView({ type: "form", resModel: "policy", resId: 1 });
    expect(tierThresholds.supportedTypes).toEqual(["json"]);
    expect([size("VIP"), size("Important"), size("Ordinary")]).toEqual([
        "VIP 3",
        "Important 5",
        "Ordinary 11",
    ]);
    const { left, width } = queryRect(".o_tier_thresholds_plot");
    await point("pointerdown", handle("VIP"), left + 0.8 * width);
    await point("pointermove", handle("VIP"), left + 0.7 * width);
    // The form is asked once it is let go of.
    expect([size("VIP"), size("Important")]).toEqual(["VIP 8 (+5)", "Important 0 (−5)"]);
    expect(".o_data_row:first [name=min_score]").toHaveText("80.00");
    await point("pointerup", handle("VIP"), left + 0.7 * width);
    expect(".o_data_row:first [name=min_score]").toHaveText("70.00");
    expect(handle("VIP")).toHaveAttribute("aria-valuenow", "70");
    await contains(".o_form_button_save").click();
    expect.verifySteps([[[1, 1, { min_score: 70 }]]]);
});

test("a threshold is moved by the keyboard as far as its neighbours let it", async () => {
    await mountView({ type: "form", resModel: "policy", resId: 1 });
    queryOne(handle("VIP")).focus();
    await keyDown("ArrowLeft");
    await animationFrame();
    expect(".o_data_row:first [name=min_score]").toHaveText("79.50");
    await keyDown("Home");
    await animationFrame();
    expect(".o_data_row:first [name=min_score]").toHaveText("60.50");
    expect(size("VIP")).toBe("VIP 8 (+5)");
});

test("thresholds that are read only, and shares, cannot be moved", async () => {
    Policy._records[0].method = "score";
    await mountView({ type: "form", resModel: "policy", resId: 1, readonly: true });
    expect(handle("VIP")).toHaveAttribute("tabindex", "-1");
    await point("pointerdown", handle("VIP"), 0);
    await point("pointermove", handle("VIP"), 0);
    expect(size("VIP")).toBe("VIP 3");
});

test("a preview is shown by the tiers that it went by", async () => {
    const tiers = [{ id: 7, name: "Gold", color: 3, min_score: 70 }];
    Policy._records[0].score_histogram = {
        ...HISTOGRAM,
        tiers: [...tiers, { id: 8, name: "Silver", color: 4, min_score: 0 }],
    };
    await mountView({ type: "form", resModel: "policy", resId: 1 });
    expect([size("Gold"), size("Silver")]).toEqual(["Gold 8", "Silver 11"]);
    expect(handle("Gold")).toHaveAttribute("tabindex", "-1");
});

test("a preview's tiers are named in the language of the reader", async () => {
    const names = { de: "Goldkunde", en: "Gold" };
    Policy._records[0].score_histogram = {
        ...HISTOGRAM,
        tiers: [
            { id: 7, name: "Goldkunde", names, color: 3, min_score: 70 },
            { id: 8, name: "Silver", color: 4, min_score: 0 },
        ],
    };
    await mountView({ type: "form", resModel: "policy", resId: 1 });
    expect([size("Gold"), size("Silver")]).toEqual(["Gold 8", "Silver 11"]);
});
