import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { Component, useState, xml } from "@odoo/owl";
import {
    defineModels,
    fields,
    models,
    mountView,
    mountWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";

class Shop extends models.Model {
    _name = "shop";

    sales = fields.Json({ string: "Sales by month" });

    _records = [
        { id: 1, sales: { values: [1, 2, 3] } },
        { id: 2, sales: false },
    ];
}

defineModels([Shop]);
preloadBundle("web.chartjs_lib");

const getConfig = (data, palette) => ({
    type: "line",
    data: { labels: data.values, datasets: [{ data: data.values, borderColor: palette.color(0) }] },
    options: { scales: { y: palette.axis("Sales", { min: 0 }) } },
});

test("a chart has its label, keeps its options and is drawn again for other data", async () => {
    class Parent extends Component {
        static components = { ChartCanvas };
        static props = {};
        static template = xml`
            <ChartCanvas data="state.data" getConfig="getConfig" label="'Sales'" height="'9rem'"/>`;

        setup() {
            this.state = useState({ data: { values: [1, 2] } });
            this.getConfig = getConfig;
        }
    }
    const parent = await mountWithCleanup(Parent);
    expect("canvas").toHaveAttribute("aria-label", "Sales");
    const chart = Chart.getChart(queryOne("canvas"));
    expect(chart.config.options.scales.y.title.text).toBe("Sales");
    expect(chart.config.options.animation).toBe(false);
    parent.state.data = { values: [4] };
    await animationFrame();
    expect(Chart.getChart(queryOne("canvas")).config.data.datasets[0].data).toEqual([4]);
});

test("a field is drawn with its name as label, and not at all while it is empty", async () => {
    class SalesField extends ChartField {
        getConfig = getConfig;
    }
    registry.category("fields").add("sales_chart", chartField({ component: SalesField }));
    const arch = `<form><field name="sales" widget="sales_chart"/></form>`;
    await mountView({ type: "form", resModel: "shop", resId: 1, arch });
    expect("canvas").toHaveAttribute("aria-label", "Sales by month");
    await mountView({ type: "form", resModel: "shop", resId: 2, arch });
    expect("[name=sales]:last canvas").toHaveCount(0);
});
