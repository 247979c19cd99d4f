import { registry } from "@web/core/registry";

/** A buyer simulates an agreement, looks at the result and comes back to the agreement. */
registry.category("web_tour.tours").add("supply_simulation_tour", {
    steps: () => [
        {
            content: "Open the agreement",
            trigger: ".o_data_cell:contains('Acme Fasteners')",
            run: "click",
        },
        {
            content: "Simulate it before it starts",
            trigger: "button[name=action_simulate]",
            run: "click",
        },
        {
            content: "What would have been stands beside what was",
            trigger: ".o_field_widget[name=summary]:contains('Fill rate')",
        },
        {
            content: "The stock by day is drawn",
            trigger: ".o_field_widget[name=stock_chart] canvas",
        },
        {
            content: "So is the sensitivity",
            trigger: ".nav-link[name=sensitivity]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=service_chart] canvas",
        },
        {
            content: "Go back to the agreement",
            trigger: ".o_breadcrumb .o_back_button a, .o_breadcrumb a.o_back_button",
            run: "click",
        },
        {
            content: "It has the result, too",
            trigger: ".nav-link[name=simulation]",
            run: "click",
        },
        {
            trigger: ".o_field_widget[name=simulation_stock_chart] canvas",
        },
    ],
});
