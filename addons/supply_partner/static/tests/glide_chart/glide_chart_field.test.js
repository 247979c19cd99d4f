import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    models,
    mountView,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { GlideChartField } from "@supply_partner/glide_chart/glide_chart_field";

class Agreement extends models.Model {
    _name = "vmi.agreement";

    glide_chart = fields.Json({ string: "Maximum and Fill Rate by Cycle" });

    _records = [
        {
            id: 1,
            glide_chart: {
                labels: ["May 4", "Jun 1"],
                lines: [
                    { name: "Maximum", values: [100, 95], stepped: true },
                    { name: "Fill rate", values: [99, 98.5] },
                    { name: "Target", values: [97, 97], dashed: true },
                ],
            },
        },
        { id: 2, glide_chart: false },
    ];
    _views = {
        form: `<form><field name="glide_chart" widget="vmi_glide_chart"/></form>`,
    };
}

defineModels([Agreement]);
defineMailModels();
preloadBundle("web.chartjs_lib");

test("maximum, fill rate and target are drawn by cycle, each in its way", async () => {
    expect(GlideChartField.prototype.getConfig.length).toBe(2);
    await mountView({ type: "form", resModel: "vmi.agreement", resId: 1 });
    expect("canvas").toHaveAttribute("aria-label", "Maximum and Fill Rate by Cycle");
    const { data } = Chart.getChart(queryOne("canvas")).config;
    expect(data.labels).toEqual(["May 4", "Jun 1"]);
    expect(data.datasets.map((line) => line.data)).toEqual([
        [100, 95],
        [99, 98.5],
        [97, 97],
    ]);
    expect(data.datasets.map((line) => line.stepped)).toEqual([true, false, false]);
    expect(data.datasets.map((line) => line.borderDash.length)).toEqual([0, 0, 2]);
});

test("without a cycle nothing is drawn", async () => {
    await mountView({ type: "form", resModel: "vmi.agreement", resId: 2 });
    expect("canvas").toHaveCount(0);
});
