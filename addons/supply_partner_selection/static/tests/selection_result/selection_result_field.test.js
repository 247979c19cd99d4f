import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { SelectionResultField } from "@supply_partner_selection/selection_result/selection_result_field";
import { SensitivityChartField } from "@supply_partner_selection/sensitivity_chart/sensitivity_chart_field";

const method = (code, name, weights, cr) => ({ code, name, weights, lambda: 2, ci: 0, cr });
const RESULT = {
    method: "sum_product",
    most: 0.1,
    criteria: [
        { name: "Quality", weight: 0.75 },
        { name: "Cost", weight: 0.25 },
    ],
    vendors: [
        { name: "Hill Coffee", score: 0.8, rank: 1, isChosen: false, ratings: [1, 0.2] },
        { name: "Valley Mill", score: 0.45, rank: 2, isChosen: false, ratings: [0.6, null] },
    ],
    nodes: [
        {
            name: "Criteria",
            elements: ["Quality", "Cost"],
            methods: [
                method("sum_product", "Sum-product", [0.75, 0.25], 0),
                method("eigenvector", "Eigenvector", [0.75, 0.25], 0),
                method("geometric", "Geometric mean", [0.75, 0.25], 0),
            ],
            judges: [
                { name: "Buyer", weights: [0.8, 0.2], cr: 0.02 },
                { name: "Manager", weights: [0.7, 0.3], cr: 0.31 },
            ],
            quarrel: "Judges differ most on Quality and Cost: by a factor of 1.7.",
            circles: [],
        },
    ],
    winners: [
        { name: "Sum-product", vendors: "Hill Coffee" },
        { name: "Eigenvector", vendors: "Hill Coffee" },
        { name: "Geometric mean", vendors: "Hill Coffee" },
    ],
    differs: false,
    flips: ["Valley Mill leads when Cost weighs 60.0 % instead of 25.0 %."],
};
// Another vendor was taken than the one in front; methods do not agree; nothing flips it.
const CHOSEN = {
    ...RESULT,
    vendors: [RESULT.vendors[0], { ...RESULT.vendors[1], isChosen: true }],
    winners: [...RESULT.winners.slice(0, 2), { name: "Geometric mean", vendors: "" }],
    differs: true,
    flips: [],
};
const CHART = {
    selected: 2,
    x: "Weight of the criterion in %",
    y: "Score in %",
    now: "Now",
    criteria: [
        { id: 1, name: "Quality", weight: 0.75, flips: [], lines: [{ name: "Hill Coffee", start: 0.2, end: 1 }] },
        { id: 2, name: "Cost", weight: 0.25, flips: [0.6], lines: [{ name: "Hill Coffee", start: 1, end: 0.2 }] },
    ],
};

class Selection extends models.Model {
    _name = "vendor.selection";

    result_page = fields.Json();
    chart = fields.Json();

    _records = [
        { id: 1, result_page: RESULT, chart: CHART },
        { id: 2, result_page: false, chart: false },
        { id: 3, result_page: CHOSEN, chart: false },
    ];
}

defineModels([Selection]);
defineMailModels();
preloadBundle("web.chartjs_lib");

async function show(resId) {
    const configs = [];
    patchWithCleanup(SensitivityChartField.prototype, {
        getConfig() {
            const config = super.getConfig(...arguments);
            configs.push(config);
            return config;
        },
    });
    await mountView({
        type: "form",
        resModel: "vendor.selection",
        resId,
        arch: `<form>
            <field name="result_page" widget="selection_result"/>
            <field name="chart" widget="sensitivity_chart"/>
        </form>`,
    });
    return configs;
}

test("vendors are ranked, and their bars made of what each criterion brings", async () => {
    await show(1);
    expect(".o_selection_vendor").toHaveCount(2);
    expect(".o_selection_vendor:first").toHaveText(/1\. Hill Coffee\s*80\.0 %/);
    expect(".o_selection_bar:first").toHaveAttribute(
        "aria-label",
        "Hill Coffee, 80.0 %, Quality: 75.0 % of 75.0 %, Cost: 5.0 % of 25.0 %"
    );
    expect(".o_selection_result li:contains(Valley Mill leads)").toHaveCount(1);
});

test("weights of three methods, of each judge, and their spread", async () => {
    await show(1);
    expect(queryAllTexts(".o_selection_result tbody tr:first td")).toEqual([
        "75.0 %",
        "75.0 %",
        "75.0 %",
        "80.0 %",
        "70.0 %",
        "",
    ]);
    expect(".o_selection_track:first").toHaveAttribute("aria-label", "70.0 % – 80.0 %");
    // The group is consistent, and hides that one judge is not.
    expect(".o_selection_result tfoot .text-danger").toHaveText("0.310");
});

test("what was chosen, how methods differ, and who contradicts themselves", async () => {
    expect(registry.category("fields").get("selection_result").component).toBe(
        SelectionResultField
    );
    await show(3);
    expect(queryAllTexts(".o_selection_vendor:has(.badge) .badge")).toEqual(["Chosen"]);
    expect(".o_selection_vendor:has(.badge)").toHaveText(/2\. Valley Mill/);
    expect(queryAllTexts(".o_selection_result .text-warning-emphasis")).toEqual([
        "Sum-product: Hill Coffee",
        "Eigenvector: Hill Coffee",
        "Geometric mean: –",
    ]);
    expect(".o_selection_result p").toHaveText(/No other weight of a single criterion/);
    expect(".o_selection_result summary .text-danger").toHaveText(
        "CR 0.000 · inconsistent: Manager"
    );
});

test("sensitivity begins with the criterion of the nearest flip, and shows any other", async () => {
    const configs = await show(1);
    expect(configs.at(-1).data.datasets[0].data).toEqual([
        { x: 0, y: 100 },
        { x: 100, y: 20 },
    ]);
    expect(configs.at(-1).data.datasets.at(-1).label).toBe("Now: 25.0 %");
    expect(".o_sensitivity_chart p").toHaveText("Another vendor leads from: 60.0 %");
    await contains(".o_sensitivity_chart select").select("1");
    expect(configs.at(-1).data.datasets[0].data[1]).toEqual({ x: 100, y: 100 });
    expect("canvas").toHaveAttribute("aria-label", "Score of each vendor by the weight of Quality");
});

test("nothing is shown before there is a result", async () => {
    await show(2);
    expect(".o_selection_result").toHaveCount(0);
    expect("canvas").toHaveCount(0);
});
