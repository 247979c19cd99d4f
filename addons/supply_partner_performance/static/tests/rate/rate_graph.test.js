import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import { checkDatasets, setupChartJsForTests } from "@web/../tests/views/graph/graph_test_helpers";
import { RateGraphModel } from "@supply_partner_performance/rate/rate_graph";
import { registry } from "@web/core/registry";

class Performance extends models.Model {
    _name = "vmi.performance";

    month = fields.Date();
    fill_rate = fields.Float({ aggregator: "avg" });
    out_days = fields.Integer();

    _records = [
        { id: 1, month: "2026-01-01", fill_rate: 1, out_days: 3 },
        { id: 2, month: "2026-02-01", fill_rate: 0, out_days: 0 },
        { id: 3, month: "2026-03-01", fill_rate: 0, out_days: 2 },
    ];
}

defineModels([Performance]);
defineMailModels();
setupChartJsForTests();

/** Mount the graph of a measure; nothing was due in February, so that its share is not known. */
async function mountGraph(measure) {
    onRpc("vmi.performance", "formatted_read_group", ({ parent }) => {
        const groups = parent();
        for (const group of groups) {
            if (group["month:month"][0] === "2026-02-01" && "fill_rate:avg" in group) {
                group["fill_rate:avg"] = null;
            }
        }
        return groups;
    });
    return mountView({
        type: "graph",
        resModel: "vmi.performance",
        arch: `
            <graph js_class="supply_rate_graph" type="line">
                <field name="month" interval="month"/>
                <field name="${measure}" type="measure" ${
                    measure === "fill_rate" ? 'widget="supply_rate"' : ""
                }/>
            </graph>`,
    });
}

test("a share that is not known leaves a gap, and 0 % does not", async () => {
    const view = await mountGraph("fill_rate");
    checkDatasets(view, "data", { data: [1, null, 0] });
});

test("other measures are drawn as they are", async () => {
    const view = await mountGraph("out_days");
    checkDatasets(view, "data", { data: [3, 0, 2] });
});

test("views find it as the class supply_rate_graph", () => {
    expect(registry.category("views").get("supply_rate_graph").Model).toBe(RateGraphModel);
});
