import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import {
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { GlideChartField } from "@supply_partner/glide_chart/glide_chart_field";

class Agreement extends models.Model {
    _name = "vmi.agreement";

    chart = fields.Json();

    _records = [
        {
            id: 1,
            chart: {
                labels: ["Apr 30", "May 28"],
                lines: [
                    { name: "Maximum", values: [100, 95], stepped: true },
                    { name: "Fill rate", values: [null, 99] },
                    { name: "Target", values: [98, 98], dashed: true },
                ],
            },
        },
    ];
}

defineModels([Agreement]);
defineMailModels();
preloadBundle("web.chartjs_lib");

test("maximum, fill rate and target stand in one chart, with a gap where nothing was wanted", async () => {
    const configs = [];
    patchWithCleanup(GlideChartField.prototype, {
        getConfig() {
            const config = super.getConfig(...arguments);
            configs.push(config);
            return config;
        },
    });
    await mountView({
        type: "form",
        resModel: "vmi.agreement",
        resId: 1,
        arch: `<form><field name="chart" widget="vmi_glide_chart"/></form>`,
    });
    expect("canvas").toHaveCount(1);
    const { labels, datasets } = configs.at(-1).data;
    expect(labels).toEqual(["Apr 30", "May 28"]);
    expect(datasets.map((line) => line.stepped)).toEqual([true, false, false]);
    expect(datasets[1].data).toEqual([null, 99]);
    expect(datasets[2].borderDash).toEqual([6, 4]);
});
