import { TierCard } from "@customer_tiering/tier_badge/tier_card";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillUnmount, useRef, useState } from "@odoo/owl";

// How long the pointer rests on a badge before its card opens, and may leave both before it closes.
const OPEN_AFTER = 350;
const CLOSE_AFTER = 250;

/**
 * A customer's tier, by icon, name and color. Where the record names the customer, pointing at it
 * or pressing it opens a card with the score, what the tier gives and what the next one needs.
 */
export class TierBadgeField extends Component {
    static template = "customer_tiering.TierBadgeField";
    static props = {
        ...standardFieldProps,
        partnerField: { type: String, optional: true },
    };

    setup() {
        this.button = useRef("button");
        this.orm = useService("orm");
        this.state = useState({ isOpen: false });
        this.popover = usePopover(TierCard, {
            position: "bottom-start",
            popoverClass: "o_customer_tier_popover",
            role: "dialog",
            setActiveElement: false,
            closeOnEscape: true,
            onClose: () => {
                this.state.isOpen = false;
            },
        });
        onWillUnmount(() => this.stopWaiting());
    }

    get tier() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.tier.display_name;
    }

    /** The id of the customer, or of a contact; false where the record names none. */
    get partnerId() {
        const { record, partnerField } = this.props;
        if (record.resModel === "res.partner") {
            return record.resId;
        }
        return record.data[partnerField]?.id || false;
    }

    stopWaiting() {
        clearTimeout(this.waiting);
    }

    onPointerEnter(event) {
        // A finger has no place to rest: it presses.
        if (event.pointerType === "mouse") {
            this.stopWaiting();
            this.waiting = setTimeout(() => this.open(), OPEN_AFTER);
        }
    }

    onPointerLeave(event) {
        if (event.pointerType === "mouse") {
            this.closeSoon();
        }
    }

    closeSoon() {
        this.stopWaiting();
        this.waiting = setTimeout(() => this.popover.close(), CLOSE_AFTER);
    }

    onClick() {
        this.stopWaiting();
        if (this.popover.isOpen) {
            this.popover.close();
        } else {
            this.open();
        }
    }

    onKeydown(event) {
        if (["Enter", " "].includes(event.key)) {
            event.preventDefault();
            event.stopPropagation();
            this.onClick();
        } else if (event.key === "Escape" && this.popover.isOpen) {
            event.stopPropagation();
            this.popover.close();
        }
    }

    open() {
        if (this.popover.isOpen || !this.button.el) {
            return;
        }
        this.state.isOpen = true;
        this.popover.open(this.button.el, {
            load: () => this.orm.call("res.partner", "get_tier_card", [[this.partnerId]]),
            onPointerEnter: () => this.stopWaiting(),
            onPointerLeave: () => this.closeSoon(),
        });
    }
}

export const tierBadgeField = {
    component: TierBadgeField,
    displayName: _t("Customer Tier"),
    supportedTypes: ["many2one"],
    supportedOptions: [{ label: _t("Customer"), name: "partner_field", type: "string" }],
    relatedFields: [
        // With it the display name needs no query of its own.
        { name: "name", type: "char" },
        { name: "color", type: "integer" },
        { name: "icon", type: "char" },
    ],
    extractProps: ({ options }) => ({ partnerField: options.partner_field || "partner_id" }),
};

registry.category("fields").add("customer_tier", tierBadgeField);
