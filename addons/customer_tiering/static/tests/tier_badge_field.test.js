import { TierBadgeField } from "@customer_tiering/tier_badge/tier_badge_field";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame, hover, press, queryFirst } from "@odoo/hoot-dom";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Tier extends models.Model {
    _name = "customer.tier";

    name = fields.Char();
    color = fields.Integer();
    icon = fields.Char();

    _records = [{ id: 1, name: "VIP", color: 10, icon: "fa-star" }];
}

class Order extends models.Model {
    _name = "order";

    partner_id = fields.Many2one({ relation: "res.partner" });
    tier_id = fields.Many2one({ relation: "customer.tier" });

    _records = [
        { id: 1, partner_id: 17, tier_id: 1 },
        { id: 2, partner_id: false, tier_id: 1 },
        { id: 3, partner_id: 17, tier_id: false },
    ];
}

defineMailModels();
defineModels([Tier, Order]);

const CARD = {
    standing_id: 5,
    name: "Harbour Bakery",
    tier: { name: "VIP", icon: "fa-star", color: 10 },
    since: "Since 1 May",
    score: 84.5,
    marks: [{ name: "VIP", icon: "fa-star", color: 10, from: 80 }],
    dimensions: [{ label: "Value", score: 90 }],
    notes: [{ tone: "warning", text: "Downgrade to Important on 5 May" }],
    needs: ["One order by 4 May to stay VIP"],
    gives: ["8 % discount"],
};
const arch = `
    <list>
        <field name="partner_id" column_invisible="1"/>
        <field name="tier_id" widget="customer_tier"/>
    </list>`;

async function mountList(card = CARD) {
    onRpc("res.partner", "get_tier_card", ({ args }) => {
        expect.step(`card of ${args[0]}`);
        return card;
    });
    await mountView({ type: "list", resModel: "order", arch });
}

test("a badge has icon and name, and is a button where the customer is known", async () => {
    expect(TierBadgeField.template).toBe("customer_tiering.TierBadgeField");
    await mountList();
    expect(".o_customer_tier_badge").toHaveCount(2);
    expect("button.o_customer_tier_badge").toHaveCount(1);
    expect("button.o_customer_tier_badge").toHaveText("VIP");
    expect("button.o_customer_tier_badge .fa-star").toHaveCount(1);
    expect("button.o_customer_tier_badge").toHaveClass("o_badge_color_10");
    expect.verifySteps([]);
});

test("pointing at it opens the card with one call, and leaving closes it", async () => {
    await mountList();
    await hover("button.o_customer_tier_badge");
    await advanceTime(400);
    await animationFrame();
    expect.verifySteps(["card of 17"]);
    expect(".o_customer_tier_card").toHaveCount(1);
    expect(".o_customer_tier_name").toHaveText("Harbour Bakery");
    expect(".o_customer_tier_card .alert-warning").toHaveText("Downgrade to Important on 5 May");
    expect(".o_score_scale").toHaveAttribute(
        "aria-label",
        "Score 84.5 of 100. Tiers begin at: VIP 80"
    );
    await hover(".o_control_panel");
    await advanceTime(400);
    await animationFrame();
    expect(".o_customer_tier_card").toHaveCount(0);
});

test("Enter opens it and Escape closes it", async () => {
    await mountList();
    queryFirst("button.o_customer_tier_badge").focus();
    await press("Enter");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(["card of 17"]);
    expect(".o_customer_tier_card").toHaveCount(1);
    expect("button.o_customer_tier_badge").toHaveAttribute("aria-expanded", "true");
    await press("Escape");
    await animationFrame();
    expect(".o_customer_tier_card").toHaveCount(0);
    expect("button.o_customer_tier_badge").toHaveAttribute("aria-expanded", "false");
});

test("a customer without a score says so", async () => {
    await mountList(false);
    await contains("button.o_customer_tier_badge").click();
    await animationFrame();
    expect.verifySteps(["card of 17"]);
    expect(".o_customer_tier_card").toHaveText("This customer has no score here.");
});

test("the card leads to the score", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`${action.res_model} ${action.res_id}`);
        },
    });
    await mountList();
    await contains("button.o_customer_tier_badge").click();
    await animationFrame();
    await contains(".o_customer_tier_card .btn-link").click();
    expect.verifySteps(["card of 17", "customer.standing 5"]);
});
