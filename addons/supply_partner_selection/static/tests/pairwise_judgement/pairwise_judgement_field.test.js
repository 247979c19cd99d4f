import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { formatRatio } from "@supply_partner_selection/pairwise_judgement/pairwise_judgement_field";

const OPEN = {
    question: "Which criterion is more important, and how much?",
    elements: [
        { id: 11, name: "Quality", weight: null, description: "" },
        { id: 12, name: "Delivery", weight: null, description: "" },
        { id: 13, name: "Cost", weight: null, description: "" },
    ],
    steps: [
        [0, 1, 2],
        [0, 2, null],
        [1, 2, null],
    ],
    is_judged: false,
    is_editable: true,
    lambda: null,
    ci: null,
    cr: null,
    is_inconsistent: false,
    most: 0.1,
    table: "Saaty 1980",
    circles: [],
};
const INCONSISTENT = {
    ...OPEN,
    elements: OPEN.elements.map((element, index) => ({ ...element, weight: [0.4, 0.35, 0.25][index] })),
    steps: [
        [0, 1, 1],
        [1, 2, 1],
        [0, 2, -3],
    ],
    is_judged: true,
    lambda: 3.7,
    ci: 0.35,
    cr: 0.6,
    is_inconsistent: true,
    circles: ["Quality > Delivery > Cost > Quality"],
};
const ADVICE = [
    {
        changes: [{ first: 11, second: 13, step: 3, held: "Cost 4 : 1 Quality", text: "Quality 4 : 1 Cost" }],
        cr: 0,
        mends: true,
        effect: "Hill Coffee leads then.",
        changes_winner: true,
        enough: "",
    },
];

class Comparison extends models.Model {
    _name = "vendor.selection.comparison";

    data = fields.Json();

    _records = [
        { id: 1, data: OPEN },
        { id: 2, data: INCONSISTENT },
        { id: 3, data: { ...INCONSISTENT, is_editable: false } },
    ];
}

defineModels([Comparison]);
defineMailModels();

/** Show a comparison; return the calls of its methods. */
async function show(resId, answer) {
    const calls = [];
    onRpc("vendor.selection.comparison", "judge", ({ args }) => {
        calls.push(args);
        return answer;
    });
    onRpc("vendor.selection.comparison", "get_advice", () => ADVICE);
    await mountView({
        type: "form",
        resModel: "vendor.selection.comparison",
        resId,
        arch: `<form><field name="data" widget="pairwise_judgement"/></form>`,
    });
    return calls;
}

/** Move a slider as a finger does. */
async function slide(selector, value) {
    const input = queryOne(selector);
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await animationFrame();
    input.dispatchEvent(new Event("change", { bubbles: true }));
    await animationFrame();
}

test("steps are ratios", () => {
    expect([-8, -1, 0, 1, 8].map(formatRatio)).toEqual(["1/9", "1/2", "1", "2", "9"]);
});

test("each pair has a slider that says what it means; what is not judged says so", async () => {
    await show(1, OPEN);
    expect("input[type=range]").toHaveCount(3);
    expect(queryAllTexts(".o_pairwise_text")).toEqual([
        "Quality moderately: 3 to 1",
        "Not judged yet",
        "Not judged yet",
    ]);
    expect("input[type=range]:first").toHaveAttribute("aria-label", "Quality or Delivery");
    // To the left, where Quality stands.
    expect("input[type=range]:first").toHaveValue(-2);
    expect(".o_pairwise_verdict").toHaveText("1 of 3 pairs judged");
});

test("a slider is kept at once, and an equal pair by its button", async () => {
    const calls = await show(1, {
        ...OPEN,
        steps: [
            [0, 1, 2],
            [0, 2, null],
            [1, 2, -4],
        ],
    });
    await slide("input[type=range]:last", 4);
    expect(calls).toEqual([[[1], [[12, 13, -4]]]]);
    expect(queryAllTexts(".o_pairwise_text")[2]).toBe("Cost strongly: 5 to 1");
    await contains(".o_pairwise_open button").click();
    expect(calls[1]).toEqual([[1], [[11, 13, 0]]]);
});

test("the table keeps reciprocals", async () => {
    const calls = await show(1, {
        ...OPEN,
        steps: [
            [0, 1, -8],
            [0, 2, null],
            [1, 2, null],
        ],
    });
    await contains("button:contains(Table)").click();
    expect(".o_pairwise_table select").toHaveCount(3);
    expect(".o_pairwise_table tbody tr:eq(1) td:eq(0)").toHaveText("1/3");
    await contains(".o_pairwise_table select:first").select("-8");
    expect(calls).toEqual([[[1], [[11, 12, -8]]]]);
    expect(".o_pairwise_table tbody tr:eq(1) td:eq(0)").toHaveText("9");
});

test("the coach names the judgement that mends it, and judges so", async () => {
    const calls = await show(2, { ...INCONSISTENT, cr: 0, is_inconsistent: false });
    expect(".o_pairwise_verdict").toHaveText("Inconsistent: CR 0.600");
    expect(".o_pairwise_coach").toHaveText(/A circle: Quality > Delivery > Cost > Quality/);
    expect(".o_pairwise_advice").toHaveText(/Quality 4 : 1 Cost/);
    expect(".o_pairwise_advice").toHaveText(/Hill Coffee leads then/);
    await contains(".o_pairwise_advice button").click();
    expect(calls).toEqual([[[2], [[11, 13, 3]]]]);
    expect(".o_pairwise_verdict").toHaveText("Consistent: CR 0.000");
    expect(".o_pairwise_coach").toHaveCount(0);
});

test("who is not the judge only reads", async () => {
    await show(3, INCONSISTENT);
    expect("input[type=range]:enabled").toHaveCount(0);
    expect(".o_pairwise_advice button").toHaveCount(0);
});
