import { registry } from "@web/core/registry";

/** A buyer makes an agreement and starts it, approves what it proposes and receives it. */
registry.category("web_tour.tours").add("supply_agreement_tour", {
    steps: () => [
        {
            content: "Make an agreement",
            trigger: ".o_list_button_add",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=partner_id] input",
            run: "edit Acme Fasteners",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Acme Fasteners')",
            run: "click",
        },
        {
            content: "Add a product",
            trigger: ".o_field_x2many_list_row_add a",
            run: "click",
        },
        {
            trigger: ".o_selected_row [name=product_id] input",
            run: "edit Tour Screws",
        },
        {
            trigger: ".ui-autocomplete > li > a:contains('Tour Screws')",
            run: "click",
        },
        {
            trigger: ".o_selected_row [name=min_qty] input",
            run: "edit 60",
        },
        {
            trigger: ".o_selected_row [name=max_qty] input",
            run: "edit 120",
        },
        {
            trigger: ".o_form_button_save",
            run: "click",
        },
        {
            content: "Start it",
            trigger: ".o_form_saved button[name=action_ask_start]",
            run: "click",
        },
        {
            content: "It says what will happen",
            trigger: ".modal .o_field_widget[name=summary]:contains('every day')",
        },
        {
            trigger: ".modal button[name=action_start]",
            run: "click",
        },
        {
            content: "Starting has found out where the product stands",
            trigger: ".o_field_widget[name=line_ids] .o_vmi_level_bar[data-status=below]",
        },
        {
            content: "The first review has proposed something",
            trigger: "button[name=action_open_proposals]:contains('1')",
            run: "click",
        },
        {
            trigger: ".o_data_cell:contains('Acme Fasteners')",
            run: "click",
        },
        {
            content: "The proposal says why",
            trigger: ".o_data_row:contains('31 on hand, minimum 60; to 120: 89')",
        },
        {
            content: "Approve it",
            trigger: "button[name=action_approve]",
            run: "click",
        },
        {
            content: "It has become an order",
            trigger: ".o_arrow_button_current:contains('Ordered')",
        },
        {
            trigger: "button[name=action_open_orders]",
            run: "click",
        },
        {
            content: "Confirm the order",
            trigger: "button[name=button_confirm]:not(:contains('Send'))",
            run: "click",
        },
        {
            content: "Receive it",
            trigger: "button[name=action_view_picking]",
            run: "click",
        },
        {
            trigger: "button[name=button_validate]",
            run: "click",
        },
        {
            trigger: ".o_arrow_button_current:contains('Done')",
        },
    ],
});
