import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

import { SimulationChartField } from "@supply_partner_simulation/simulation_chart/simulation_chart_field";

const STOCK = {
    x: "Day",
    y: "Stock in USD",
    labels: ["1 May", "2 May", "3 May"],
    lines: [
        { name: "Simulated", points: [30, 22, 40] },
        { name: "Actual", points: [30, 22, 0] },
    ],
};
const SERVICE = {
    x: "Average stock in USD",
    y: "Fill rate in %",
    lines: [
        {
            name: "Minimum and maximum × 0.5 to 2",
            points: [
                { x: 10, y: 80, note: "× 0.5" },
                { x: 20, y: 99, note: "× 1" },
            ],
        },
        { name: "Actual", points: [{ x: 15, y: 85, note: "" }] },
    ],
};

class Simulation extends models.Model {
    _name = "vmi.simulation";

    chart = fields.Json();

    _records = [
        { id: 1, chart: STOCK },
        { id: 2, chart: SERVICE },
        { id: 3, chart: false },
    ];
}

defineModels([Simulation]);
defineMailModels();
preloadBundle("web.chartjs_lib");

/** Show the chart of a record, and return what Chart.js was given. */
async function draw(resId) {
    const configs = [];
    patchWithCleanup(SimulationChartField.prototype, {
        getConfig() {
            const config = super.getConfig(...arguments);
            configs.push(config);
            return config;
        },
    });
    await mountView({
        type: "form",
        resModel: "vmi.simulation",
        resId,
        resIds: [1, 2, 3],
        arch: `<form><field name="chart" widget="simulation_chart"/></form>`,
    });
    return configs;
}

test("stock by day is drawn as one step line each", async () => {
    const [{ data, options, type }] = await draw(1);
    expect(".o_field_widget[name=chart] canvas").toHaveCount(1);
    expect("canvas").toHaveAttribute("aria-label", "Stock in USD");
    expect(type).toBe("line");
    expect(data.labels).toEqual(STOCK.labels);
    expect(data.datasets.map((dataset) => dataset.label)).toEqual(["Simulated", "Actual"]);
    expect(data.datasets.map((dataset) => dataset.data)).toEqual([
        [30, 22, 40],
        [30, 22, 0],
    ]);
    expect(data.datasets.every((dataset) => dataset.stepped)).toBe(true);
    expect(options.scales.x.title.text).toBe("Day");
    expect(options.scales.y.title.text).toBe("Stock in USD");
    expect(options.scales.y.beginAtZero).toBe(true);
});

test("points with an x of their own are drawn where they lie, with their notes", async () => {
    const [{ data, options, type }] = await draw(2);
    expect(".o_field_widget[name=chart] canvas").toHaveCount(1);
    expect(type).toBe("scatter");
    expect(data.datasets.map((dataset) => dataset.data.length)).toEqual([2, 1]);
    expect(data.datasets.some((dataset) => dataset.stepped)).toBe(false);
    const note = (raw) => options.plugins.tooltip.callbacks.afterLabel({ raw });
    expect(SERVICE.lines[0].points.map(note)).toEqual(["× 0.5", "× 1"]);
    expect(note(30)).toBe("");
});

test("nothing is drawn where nothing was simulated", async () => {
    const configs = await draw(3);
    expect(".o_field_widget[name=chart]").toHaveCount(1);
    expect("canvas").toHaveCount(0);
    expect(configs).toEqual([]);
});

test("another record's chart takes the place of the first", async () => {
    const configs = await draw(1);
    await contains(".o_pager_next").click();
    expect("canvas").toHaveCount(1);
    expect(configs.map((config) => config.type)).toEqual(["line", "scatter"]);
    expect(Chart.getChart(queryOne("canvas")).config.type).toBe("scatter");
    await contains(".o_pager_next").click();
    expect("canvas").toHaveCount(0);
});
