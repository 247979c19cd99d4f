import { expect, test } from "@odoo/hoot";
import { allowTranslations } from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { productCatalogKanbanView } from "@product/product_catalog/kanban_view";
import { CartCatalogController } from "@supply_partner_catalogue/cart_catalog/cart_catalog";

test("Odoo's catalogue of products leads back to the cart", () => {
    allowTranslations();
    const view = registry.category("views").get("vendor_cart_kanban_catalog");
    expect(view.Controller).toBe(CartCatalogController);
    expect(view.Model).toBe(productCatalogKanbanView.Model);
    const controller = Object.create(CartCatalogController.prototype);
    controller._defineButtonContent();
    expect(String(controller.buttonString)).toBe("Back to Cart");
});
