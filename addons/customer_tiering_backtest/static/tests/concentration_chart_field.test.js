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

import { ConcentrationChartField } from "@customer_tiering_backtest/concentration_chart/concentration_chart_field";

class Backtest extends models.Model {
    _name = "backtest";

    concentration = fields.Json();

    _records = [
        {
            id: 1,
            concentration: {
                customers: 4,
                revenue: 100,
                points: [
                    [1, 0.5],
                    [2, 0.75],
                    [3, 0.9],
                    [4, 1],
                ],
                top_share: 0.2,
                best_customers: 1,
                best_share: 0.5,
            },
        },
        { id: 2, concentration: false },
    ];
}

// The web client asks for the models of mail whatever view is opened.
defineMailModels();
defineModels([Backtest]);
preloadBundle("web.chartjs_lib");

const arch = `<form><field name="concentration" widget="concentration_chart"/></form>`;

test("the curve goes from nothing to all customers, and marks the best", async () => {
    patchWithCleanup(ConcentrationChartField.prototype, {
        setup() {
            super.setup();
            onMounted(() => {
                const { data, options } = this.getConfig(this.data, getPalette());
                const [best, curve, even] = data.datasets.map((dataset) => dataset.data);
                expect(best).toEqual([{ x: 0.25, y: 0.5 }]);
                expect(curve).toEqual([
                    { x: 0, y: 0 },
                    { x: 0.25, y: 0.5 },
                    { x: 0.5, y: 0.75 },
                    { x: 0.75, y: 0.9 },
                    { x: 1, y: 1 },
                ]);
                expect(even).toEqual([
                    { x: 0, y: 0 },
                    { x: 1, y: 1 },
                ]);
                const { subtitle, tooltip } = options.plugins;
                expect(subtitle.text).toBe("25% of the customers: 50% of the revenue");
                expect(tooltip.callbacks.label({ parsed: { x: 0.5, y: 0.75 } })).toBe(
                    "50% of the customers: 75% of the revenue"
                );
                expect(options.scales.y.ticks.callback(0.6)).toBe("60%");
                expect.step("checked");
            });
        },
    });
    await mountView({ type: "form", resModel: "backtest", resId: 1, arch });
    expect.verifySteps(["checked"]);
    expect("[name=concentration] canvas").toHaveCount(1);
    expect("[name=concentration] canvas").toHaveAttribute(
        "aria-label",
        "Share of the revenue by share of the customers"
    );
});

test("without revenue nothing is drawn", async () => {
    await mountView({ type: "form", resModel: "backtest", resId: 2, arch });
    expect("[name=concentration]").toHaveCount(1);
    expect("canvas").toHaveCount(0);
});
