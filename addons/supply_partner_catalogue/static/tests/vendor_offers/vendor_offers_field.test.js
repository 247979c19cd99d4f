import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { VendorOffersField } from "@supply_partner_catalogue/vendor_offers/vendor_offers_field";

class Product extends models.Model {
    _name = "product.product";

    vendor_offers = fields.Json();
}

defineModels([Product]);
defineMailModels();

const offer = (partner_id, vendor, good, values = {}) => ({
    partner_id,
    vendor,
    vendor_code: "",
    price: good,
    landed: good,
    good,
    good_price: 1,
    has_more_costs: false,
    min_qty: 0,
    delay: 3,
    otif: null,
    defects: null,
    until: null,
    breaks: [],
    ...values,
});

async function mountOffers(offers, options = "{}") {
    Product._records = [{ id: 7, vendor_offers: offers }];
    await mountView({
        type: "form",
        resModel: "product.product",
        resId: 7,
        arch: `<form><field name="vendor_offers" widget="vendor_offers" options="${options}"/></form>`,
    });
}

test("every vendor stands in one row, the best first", async () => {
    await mountOffers([
        offer(1, "Acme", "€ 9.00", { otif: 0.955, defects: 0.02, delay: 1 }),
        offer(2, "Bolt Works", "€ 9.50", {
            min_qty: 24,
            breaks: [{ min_qty: 100, good: "€ 8.00" }],
        }),
    ]);
    expect(queryAllTexts(".o_vendor_offer_vendor")).toEqual(["Acme", "Bolt Works"]);
    expect(queryAllTexts(".o_vendor_offer_price")).toEqual(["€ 9.00", "€ 9.50"]);
    expect(queryAllTexts(".o_vendor_offer_facts")).toEqual([
        "1 day · 95.5 % on time · 2 % defects",
        "3 days · from 24 · € 8.00 from 100",
    ]);
    expect(".o_vendor_offer_best").toHaveCount(1);
});

test("one vendor alone is not the best of anything, and none is a dash", async () => {
    await mountOffers([offer(1, "Acme", "€ 9.00")]);
    expect(".o_vendor_offer").toHaveCount(1);
    expect(".o_vendor_offer_best").toHaveCount(0);
});

test("without offers there is a dash", async () => {
    await mountOffers([]);
    expect(".o_field_vendor_offers").toHaveText("–");
});

test("of many vendors four are shown, and how many there are more", async () => {
    await mountOffers([1, 2, 3, 4, 5, 6].map((id) => offer(id, `Vendor ${id}`, "€ 1.00")));
    expect(".o_vendor_offer").toHaveCount(4);
    expect(".o_vendor_offer_more").toHaveText("2 more");
});

test("a click puts the offer into the cart and says so", async () => {
    onRpc("vendor.cart", "add_offer", ({ args }) => {
        expect.step(args);
        return { cart_id: 5, message: "It is in CART5" };
    });
    mockService("notification", {
        add: (message) => {
            expect.step(message);
            return () => {};
        },
    });
    await mountOffers([offer(1, "Acme", "€ 9.00"), offer(2, "Bolt Works", "€ 9.50")]);
    await contains(".o_vendor_offer:eq(1)").click();
    await animationFrame();
    expect.verifySteps([[7, 2, false], "It is in CART5"]);
});

test("where it only shows, nothing can be clicked", async () => {
    await mountOffers([offer(1, "Acme", "€ 9.00")], "{'readonly': True}");
    expect(".o_vendor_offer").toHaveAttribute("disabled");
    await click(".o_field_vendor_offers");
    expect(".fa-cart-plus").toHaveCount(0);
});

test("views find it as the widget vendor_offers", () => {
    expect(registry.category("fields").get("vendor_offers").component).toBe(VendorOffersField);
});
