import { registry } from "@web/core/registry";

registry
    .category("overview_page.narrowed_menus")
    .add("supply_partner", true)
    .add("supply_partner_performance", true);
