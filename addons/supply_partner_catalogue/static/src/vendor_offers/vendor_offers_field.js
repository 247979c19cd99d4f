import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// More stand behind a button.
const SHOWN = 4;

/**
 * What every vendor asks for a product, the best first; a click puts it into the cart.
 */
export class VendorOffersField extends Component {
    static template = "supply_partner_catalogue.VendorOffersField";
    static props = { ...standardFieldProps, isReadonly: { type: Boolean, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
    }

    get offers() {
        return (this.props.record.data[this.props.name] || []).slice(0, SHOWN);
    }

    get others() {
        return Math.max((this.props.record.data[this.props.name] || []).length - SHOWN, 0);
    }

    get moreText() {
        return _t("%s more", this.others);
    }

    get isBroughtIn() {
        return this.offers.some((offer) => offer.has_more_costs);
    }

    isBest(offer) {
        return this.offers.length > 1 && offer === this.offers[0];
    }

    quantity(value) {
        return formatFloat(value, { trailingZeros: false });
    }

    percent(value) {
        return _t("%s %", formatFloat(100 * value, { digits: [16, 1], trailingZeros: false }));
    }

    delay(offer) {
        return offer.delay === 1 ? _t("1 day") : _t("%s days", offer.delay);
    }

    /** @returns {string[]} what stands below the price */
    facts(offer) {
        const facts = [this.delay(offer)];
        if (offer.otif !== null) {
            facts.push(_t("%s on time", this.percent(offer.otif)));
        }
        if (offer.defects !== null) {
            facts.push(_t("%s defects", this.percent(offer.defects)));
        }
        if (offer.min_qty > 1) {
            facts.push(_t("from %s", this.quantity(offer.min_qty)));
        }
        for (const step of offer.breaks.slice(0, 1)) {
            facts.push(
                _t("%(price)s from %(quantity)s", {
                    price: step.good,
                    quantity: this.quantity(step.min_qty),
                })
            );
        }
        return facts;
    }

    title(offer) {
        const parts = [_t("Price %s", offer.price)];
        if (offer.has_more_costs) {
            parts.push(_t("with duty and freight %s", offer.landed));
            if (offer.defects) {
                parts.push(_t("per good unit %s", offer.good));
            }
        }
        if (offer.vendor_code) {
            parts.push(_t("vendor code %s", offer.vendor_code));
        }
        return parts.join(", ");
    }

    get cartId() {
        const { context } = this.props.record;
        return context.product_catalog_order_model === "vendor.cart"
            ? context.product_catalog_order_id
            : false;
    }

    async add(offer) {
        if (this.props.isReadonly) {
            return;
        }
        const { record } = this.props;
        const cartId = this.cartId;
        const added = await this.orm.call("vendor.cart", "add_offer", [
            record.resId,
            offer.partner_id,
            cartId,
        ]);
        if (cartId) {
            await record.model.load();
            return;
        }
        const close = this.notification.add(added.message, {
            type: "success",
            buttons: [
                {
                    name: _t("Open the Cart"),
                    primary: true,
                    onClick: () => {
                        // Otherwise it lies over the cart as long as the pointer rests on it.
                        close();
                        return this.action.doAction({
                            type: "ir.actions.act_window",
                            res_model: "vendor.cart",
                            res_id: added.cart_id,
                            views: [[false, "form"]],
                        });
                    },
                },
            ],
        });
    }
}

registry.category("fields").add("vendor_offers", {
    component: VendorOffersField,
    displayName: _t("Vendors' Offers"),
    supportedTypes: ["json"],
    extractProps: ({ options }) => ({ isReadonly: Boolean(options.readonly) }),
});
