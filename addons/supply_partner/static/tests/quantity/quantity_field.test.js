import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { MockServer, contains, defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { QuantityField } from "@supply_partner/quantity/quantity_field";

class Line extends models.Model {
    _name = "vmi.proposal.line";

    approved_qty = fields.Float({ string: "To Order" });
    multiple_qty = fields.Float();

    _records = [{ id: 1, approved_qty: 24, multiple_qty: 12 }];
}

defineModels([Line]);
defineMailModels();

async function mountCard() {
    await mountView({
        type: "kanban",
        resModel: "vmi.proposal.line",
        arch: `<kanban><templates><t t-name="card">
            <field name="approved_qty" widget="vmi_quantity"
                options="{'step_field': 'multiple_qty'}"/>
        </t></templates></kanban>`,
    });
}

const saved = () => MockServer.env["vmi.proposal.line"].browse(1)[0].approved_qty;

test("the buttons change it by a multiple and save", async () => {
    expect(QuantityField.template).toBe("supply_partner.QuantityField");
    await mountCard();
    expect(".o_vmi_quantity input").toHaveValue("24");
    await contains(".o_vmi_quantity button:last").click();
    expect(".o_vmi_quantity input").toHaveValue("36");
    expect(saved()).toBe(36);
    await contains(".o_vmi_quantity button:first").click();
    await contains(".o_vmi_quantity button:first").click();
    await contains(".o_vmi_quantity button:first").click();
    expect(saved()).toBe(0);
    expect(".o_vmi_quantity button:first").not.toBeEnabled();
});

test("a number that is typed is saved, and what is none is refused by name", async () => {
    await mountCard();
    await contains(".o_vmi_quantity input").edit("30.5");
    await animationFrame();
    expect(saved()).toBe(30.5);
    for (const typed of ["-5", "NaN", "a lot"]) {
        await contains(".o_vmi_quantity input").edit(typed);
        await animationFrame();
        expect(saved()).toBe(30.5);
        expect(".o_vmi_quantity input").toHaveValue("30.5");
    }
    expect(".o_notification:first").toHaveText(/To Order: enter a number of 0 or more/);
});
