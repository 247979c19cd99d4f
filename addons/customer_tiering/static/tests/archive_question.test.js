import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
    toggleActionMenu,
    toggleMenuItem,
} from "@web/../tests/web_test_helpers";

import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("desktop");

class Policy extends models.Model {
    _name = "policy";
    name = fields.Char();
    active = fields.Boolean();
    _records = [{ id: 1, name: "Ours", active: true }];
}

defineMailModels();
defineModels([Policy]);

test("archiving a policy says first that tiers stay as they are", async () => {
    onRpc("policy", "action_archive", () => {
        expect.step("archived");
        return true;
    });
    await mountView({
        type: "form",
        resModel: "policy",
        resId: 1,
        arch: `
            <form js_class="customer_tier_policy_form">
                <field name="active" invisible="1"/><field name="name"/>
            </form>`,
        actionMenus: {},
    });
    await toggleActionMenu();
    await toggleMenuItem("Archive");
    expect(".modal-body").toHaveText(/no tiers are recalculated/);
    await contains(".modal-footer .btn-primary").click();
    await expect.waitForSteps(["archived"]);
});

test("archiving tiers says first what becomes of their customers", async () => {
    await mountView({
        type: "list",
        resModel: "policy",
        arch: `
            <list js_class="customer_tier_list">
                <field name="active" column_invisible="1"/><field name="name"/>
            </list>`,
        actionMenus: {},
    });
    await contains(".o_data_row .o_list_record_selector input").click();
    await toggleActionMenu();
    await toggleMenuItem("Archive");
    expect(".modal-body").toHaveText(/to other tiers/);
});

test("archiving a service level says first that new tickets have no deadlines", async () => {
    await mountView({
        type: "form",
        resModel: "policy",
        resId: 1,
        arch: `
            <form js_class="customer_service_level_form">
                <field name="active" invisible="1"/><field name="name"/>
            </form>`,
        actionMenus: {},
    });
    await toggleActionMenu();
    await toggleMenuItem("Archive");
    expect(".modal-body").toHaveText(/new tickets get no deadlines/);
});
