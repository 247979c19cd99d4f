import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";
import "@supply_partner_scorecard/figure/figure_field";

class Criterion extends models.Model {
    _name = "criterion";

    unit = fields.Selection({
        selection: [
            ["ratio", "%"],
            ["days", "Days"],
        ],
    });
    floor = fields.Float({ digits: [16, 4] });

    _records = [
        { id: 1, unit: "ratio", floor: 0.5 },
        { id: 2, unit: "days", floor: 7 },
    ];
}

defineMailModels();
defineModels([Criterion]);

const ARCH = `
    <list editable="bottom">
        <field name="floor" widget="vendor_figure"/>
    </list>`;

test("a share is a percentage, and anything else stands as it is", async () => {
    await mountView({ type: "list", resModel: "criterion", arch: ARCH });
    expect(".o_data_row:eq(0) .o_data_cell").toHaveText("50%");
    expect(".o_data_row:eq(1) .o_data_cell").toHaveText("7");
});

test("what is typed for a share is a percentage, too", async () => {
    onRpc("web_save", ({ args }) => {
        expect.step(args[1].floor);
    });
    await mountView({ type: "list", resModel: "criterion", arch: ARCH });
    await contains(".o_data_row:eq(0) .o_data_cell").click();
    await contains(".o_field_widget[name=floor] input").edit("80");
    await contains(".o_list_view").click();
    expect.verifySteps([0.8]);
});
