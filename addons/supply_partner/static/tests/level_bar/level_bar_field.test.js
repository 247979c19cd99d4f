import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryOne } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { LevelBarField } from "@supply_partner/level_bar/level_bar_field";

class Line extends models.Model {
    _name = "vmi.agreement.line";

    level_min_qty = fields.Float();
    level_max_qty = fields.Float();
    on_hand_qty = fields.Float();
    position_qty = fields.Float();
    stock_status = fields.Selection({
        selection: [
            ["out", "Out of Stock"],
            ["below", "Below Minimum"],
            ["on_track", "On Track"],
        ],
    });
}

defineModels([Line]);
defineMailModels();

async function mountBar(values) {
    Line._records = [{ id: 1, ...values }];
    await mountView({
        type: "form",
        resModel: "vmi.agreement.line",
        resId: 1,
        arch: `<form><field name="position_qty" widget="vmi_level_bar"/></form>`,
    });
}

test("band, stock and position stand on one scale", async () => {
    await mountBar({
        level_min_qty: 25,
        level_max_qty: 100,
        on_hand_qty: 50,
        position_qty: 75,
        stock_status: "on_track",
    });
    const style = (name) => queryOne(`.o_vmi_level_bar .${name}`).style;
    // The maximum, and 8 % of room to its right.
    expect(style("o_vmi_band").left).toBe("23.15%");
    expect(style("o_vmi_band").right).toBe("calc(7.41%)");
    expect(style("o_vmi_on_hand").width).toBe("46.3%");
    expect(style("o_vmi_position").left).toBe("69.44%");
    expect(".o_vmi_level_bar").toHaveAttribute("data-status", "on_track");
});

test("the largest figure fits, and what is below 0 stands at the left end", async () => {
    await mountBar({
        level_min_qty: 10,
        level_max_qty: 20,
        on_hand_qty: -5,
        position_qty: 200,
        stock_status: "out",
    });
    expect(queryOne(".o_vmi_on_hand").style.width).toBe("0%");
    expect(queryOne(".o_vmi_position").style.left).toBe("92.59%");
});

test("it says in words what it shows", async () => {
    await mountBar({
        level_min_qty: 25,
        level_max_qty: 100,
        on_hand_qty: 50.5,
        position_qty: 1234,
        stock_status: "below",
    });
    const words = "On hand 50.5, stock position 1,234, minimum 25, maximum 100";
    expect(".o_vmi_level_bar").toHaveAttribute("aria-label", words);
    expect(".o_vmi_level_bar").toHaveAttribute("title", words);
});

test("nothing is drawn before the first review", async () => {
    await mountBar({ level_max_qty: 100, stock_status: false });
    expect(".o_field_widget[name=position_qty]").toHaveCount(1);
    expect(".o_vmi_level_bar").toHaveCount(0);
});

test("views find it as the widget vmi_level_bar", () => {
    expect(registry.category("fields").get("vmi_level_bar").component).toBe(LevelBarField);
});
