import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { press, queryAllTexts } from "@odoo/hoot-dom";
import { MockServer, contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { LevelsField } from "@supply_partner/levels/levels_field";

class Line extends models.Model {
    _name = "vmi.agreement.line";

    levels_text = fields.Char();
    method = fields.Selection({
        selection: [
            ["min_max", "Minimum and Maximum"],
            ["days_of_supply", "Days of Supply"],
            ["service_level", "Service Level"],
        ],
    });
    min_qty = fields.Float({ string: "Minimum" });
    max_qty = fields.Float({ string: "Maximum" });
    min_days = fields.Float({ string: "Minimum Days" });
    max_days = fields.Float({ string: "Maximum Days" });
    service_target = fields.Float({ string: "Service Target" });
    cover_days = fields.Float({ string: "Cover Days" });

    _records = [
        { id: 1, method: "min_max", min_qty: 20, max_qty: 60, levels_text: "20–60 Units" },
        { id: 2, method: "days_of_supply", min_days: 10, max_days: 30, levels_text: "10–30 days" },
        {
            id: 3,
            method: "service_level",
            service_target: 0.98,
            cover_days: 14,
            levels_text: "98 % service, 14 days",
        },
    ];
}

defineModels([Line]);
defineMailModels();

async function mountLines() {
    await mountView({
        type: "list",
        resModel: "vmi.agreement.line",
        arch: `<list editable="bottom">
            <field name="min_qty" column_invisible="1"/><field name="max_qty" column_invisible="1"/>
            <field name="min_days" column_invisible="1"/><field name="max_days" column_invisible="1"/>
            <field name="service_target" column_invisible="1"/>
            <field name="cover_days" column_invisible="1"/>
            <field name="method"/>
            <field name="levels_text" widget="vmi_levels"/>
        </list>`,
    });
}

test("each line says its levels in words", async () => {
    expect(LevelsField.template).toBe("supply_partner.LevelsField");
    await mountLines();
    expect(queryAllTexts("td[name=levels_text]")).toEqual([
        "20–60 Units",
        "10–30 days",
        "98 % service, 14 days",
    ]);
});

test("a line that is edited has the inputs of its method, and Tab goes from one to the other", async () => {
    await mountLines();
    await contains(".o_data_row:eq(1) td[name=levels_text]").click();
    expect(".o_vmi_levels input").toHaveCount(2);
    expect(".o_vmi_levels input:first").toHaveValue("10");
    expect(".o_vmi_levels input:first").toHaveAttribute("aria-label", "Minimum Days");
    expect(".o_vmi_levels input:first").toBeFocused();
    await press("Tab");
    expect(".o_vmi_levels input:last").toBeFocused();
    await contains(".o_vmi_levels input:last").edit("45", { confirm: false });
    await contains(".o_list_button_save").click();
    const [line] = MockServer.env["vmi.agreement.line"].browse(2);
    expect([line.min_days, line.max_days]).toEqual([10, 45]);
    await contains(".o_data_row:eq(2) td[name=levels_text]").click();
    expect(".o_vmi_levels input:first").toHaveValue("98");
    expect(".o_vmi_levels input:first").toHaveAttribute("aria-label", "Service Target");
});
