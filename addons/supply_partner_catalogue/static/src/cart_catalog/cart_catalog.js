import { ProductCatalogKanbanController } from "@product/product_catalog/kanban_controller";
import { productCatalogKanbanView } from "@product/product_catalog/kanban_view";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

/** Odoo's catalogue of products, opened from a cart. */
export class CartCatalogController extends ProductCatalogKanbanController {
    _defineButtonContent() {
        this.buttonString = _t("Back to Cart");
    }
}

registry.category("views").add("vendor_cart_kanban_catalog", {
    ...productCatalogKanbanView,
    Controller: CartCatalogController,
});
