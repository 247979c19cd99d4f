import { getPalette } from "@chart_canvas/chart_canvas/chart_canvas";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { onMounted } from "@odoo/owl";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { HoldoutChartField } from "@customer_tiering_clv/holdout_chart/holdout_chart_field";

class Fit extends models.Model {
    _name = "fit";

    holdout = fields.Json();

    _records = [
        { id: 1, holdout: { deciles: [[4, 5, 400, 450], [2, 1, 150, 90]] } },
        { id: 2, holdout: { deciles: [[4, 5, null, 450], [2, 1, null, 90]] } },
        { id: 3, holdout: { refusal: { code: "nobody_leaves" } } },
        { id: 4, holdout: false },
    ];
}

// The web client asks for the models of mail whatever view is opened.
defineMailModels();
defineModels([Fit]);
preloadBundle("web.chartjs_lib");

const arch = `<form><field name="holdout" widget="holdout_chart"/></form>`;

/** Mount a fit and expect what its two rows of bars show. */
async function expectBars(resId, rows) {
    patchWithCleanup(HoldoutChartField.prototype, {
        setup() {
            super.setup();
            onMounted(() => {
                const { data } = this.getConfig(this.data, getPalette());
                expect(data.datasets.map((dataset) => dataset.data)).toEqual(rows);
                expect(data.labels).toEqual([1, 2]);
                expect.step("drawn");
            });
        },
    });
    await mountView({ resModel: "fit", type: "form", resId, arch });
    expect.verifySteps(["drawn"]);
    expect(".o_field_widget[name=holdout] canvas").toHaveCount(1);
}

test("amounts are drawn where they were expected", async () => {
    await expectBars(1, [
        [400, 150],
        [450, 90],
    ]);
});

test("days with an order are drawn where no amount was expected", async () => {
    await expectBars(2, [
        [4, 2],
        [5, 1],
    ]);
});

test("a refused holdout, and none at all, draw nothing", async () => {
    for (const resId of [3, 4]) {
        await mountView({ resModel: "fit", type: "form", resId, arch });
        expect(".o_field_widget[name=holdout] canvas").toHaveCount(0);
    }
});
