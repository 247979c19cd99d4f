import { CustomerProfileField } from "@customer_tiering/customer_profile/customer_profile";
import { CustomerTimelineField } from "@customer_tiering/customer_profile/customer_timeline";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import {
    defineModels,
    fields,
    models,
    mountView,
    preloadBundle,
} from "@web/../tests/web_test_helpers";

const MONTHS = [
    { label: "May 2026", revenue: 1200, score: 61 },
    { label: "Jun 2026", revenue: 0, score: 72.5 },
];
const PROFILE = {
    score: 72.5,
    marks: [
        { name: "VIP", icon: "fa-star", color: 10, from: 80 },
        { name: "Important", icon: "fa-diamond", color: 4, from: 60 },
        { name: "Ordinary", icon: "fa-user", color: 3, from: 0 },
    ],
    dimensions: [
        { label: "Value", score: 80 },
        { label: "Loyalty", score: 40.5 },
    ],
    needs: ["2 more orders for VIP"],
    gives: ["5 % discount on new quotations"],
    currency_id: 1,
    months: MONTHS,
};
const EVENTS = [
    { day: "Jun 1, 2026", icon: "fa-arrow-up", tone: "success", title: "Upgrade", text: "Score 72" },
    { day: "Jan 1, 2026", icon: "fa-flag", tone: "", title: "First tier run", text: "" },
];

class Standing extends models.Model {
    _name = "standing";
    profile = fields.Json();
    timeline = fields.Json();
    _records = [
        { id: 1, profile: PROFILE, timeline: EVENTS },
        {
            id: 2,
            profile: {
                ...PROFILE,
                score: false,
                months: [{ label: "Jun 2026", revenue: 0, score: false }],
            },
            timeline: [],
        },
        { id: 3, profile: { ...PROFILE, marks: [] }, timeline: [] },
        { id: 4, profile: false, timeline: false },
    ];
    _views = {
        form: `
            <form>
                <field name="profile" widget="customer_profile"/>
                <field name="timeline" widget="customer_timeline"/>
            </form>`,
    };
}

preloadBundle("web.chartjs_lib");
defineMailModels();
defineModels([Standing]);

const open = (resId) => mountView({ type: "form", resModel: "standing", resId });

test("score, tiers, dimensions, months and what the tier gives are drawn", async () => {
    expect(CustomerProfileField.template).toBe("customer_tiering.CustomerProfileField");
    await open(1);
    expect(".o_customer_profile_score h2 strong").toHaveText("72.5");
    expect(queryAll(".o_score_scale_step").map((step) => step.style.width)).toEqual([
        "60%",
        "20%",
        "20%",
    ]);
    expect(".o_score_scale_place").toHaveStyle({ left: "72.5%" }, { inline: true });
    expect(queryAllTexts(".o_customer_tier_dimensions dd")).toEqual(["80", "40.5"]);
    expect(".o_customer_profile_score p.fw-bold").toHaveText("2 more orders for VIP");
    expect(".o_customer_profile_months canvas").toHaveCount(1);
    expect(".o_customer_profile_months [role=img]").toHaveAttribute(
        "aria-label",
        /May 2026 .*1,200.* 61; Jun 2026/
    );
});

test("who never bought has neither score nor chart", async () => {
    await open(2);
    expect(".o_score_scale").toHaveCount(0);
    expect(".o_customer_profile_score").toHaveText(/A prospect has no score/);
    expect("canvas").toHaveCount(0);
    expect(".o_field_customer_timeline p.text-muted").toHaveCount(1);
});

test("where tiers go by shares the scale has no thresholds", async () => {
    await open(3);
    expect(".o_score_scale_step").toHaveCount(1);
    expect(".o_score_scale").toHaveCount(1);
});

test("a customer out of all tiers has no profile", async () => {
    await open(4);
    expect(".o_customer_profile").toHaveCount(0);
});

test("events are listed with day and text", async () => {
    expect(CustomerTimelineField.template).toBe("customer_tiering.CustomerTimelineField");
    await open(1);
    expect(queryAllTexts(".o_customer_timeline li strong")).toEqual(["Upgrade", "First tier run"]);
    expect(queryAllTexts(".o_customer_timeline .text-muted")).toEqual([
        "Jun 1, 2026",
        "Jan 1, 2026",
    ]);
    expect(".o_customer_timeline li:first").toHaveText(/Score 72$/);
    expect(".o_customer_timeline li:first .text-bg-success").toHaveCount(1);
});
