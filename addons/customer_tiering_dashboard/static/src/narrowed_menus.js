import { registry } from "@web/core/registry";

registry.category("overview_page.narrowed_menus").add("customer_tiering", true);
