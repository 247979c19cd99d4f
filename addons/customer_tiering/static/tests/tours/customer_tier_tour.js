import { registry } from "@web/core/registry";

/** A salesperson finds the VIPs, sees why one of them is, and comes back. */
registry.category("web_tour.tours").add("customer_tier_tour", {
    steps: () => [
        {
            content: "The customers are grouped by tier, with the groups of all tiers",
            trigger: ".o_group_header:contains('VIP'):contains('(1)')",
            run: "click",
        },
        {
            content: "The empty tiers are shown as well",
            trigger: ".o_group_header:contains('Important'):contains('(0)')",
        },
        {
            content: "Open the one VIP",
            trigger: ".o_data_row:has(.badge:contains('VIP')) td[name=complete_name]",
            run: "click",
        },
        {
            content: "The badge stands below the name, with its date",
            trigger: ".o_form_view .o_customer_tier:contains('since') .badge:contains('VIP')",
        },
        {
            content: "The score leads to the standing",
            trigger: "button[name=action_view_customer_standing]:contains('90.00')",
            run: "click",
        },
        {
            content: "The standing says why",
            trigger: ".o_tiering_explanation:contains('Revenue'):contains('90.00')",
        },
    ],
});

/** A manager recalculates, is asked first, and sees who was placed. */
registry.category("web_tour.tours").add("customer_tier_evaluate_tour", {
    steps: () => [
        {
            trigger: ".o_form_view button[name=action_recalculate]",
            run: "click",
        },
        {
            content: "The dialog says what will happen",
            trigger: ".modal:contains('1 customer gets a first tier.')",
        },
        {
            trigger: ".modal button[name=action_confirm]:contains('Recalculate')",
            run: "click",
        },
        {
            content: "The message counts the customers",
            trigger: ".o_notification:contains('1 customer got a first tier.')",
        },
        {
            content: "The form shows the new figures",
            trigger: ".o_field_widget[name=tier_ids] .o_data_row:contains('VIP'):contains('100%')",
        },
    ],
});
