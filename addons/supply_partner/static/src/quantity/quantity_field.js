import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * A quantity on a card that is changed there, by a multiple or by typing, and saved at once.
 *
 * A button's step is the field `step_field` of the record, or 1 where that is 0.
 */
export class QuantityField extends Component {
    static template = "supply_partner.QuantityField";
    static props = { ...standardFieldProps, stepField: { type: String, optional: true } };

    setup() {
        this.notification = useService("notification");
        this.state = useState({ isBusy: false });
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }

    get value() {
        return this.props.record.data[this.props.name] || 0;
    }

    get step() {
        return this.props.record.data[this.props.stepField] || 1;
    }

    get shown() {
        return formatFloat(this.value, {
            field: this.props.record.fields[this.props.name],
            trailingZeros: false,
        });
    }

    onChange(ev) {
        let quantity;
        try {
            quantity = parseFloat(ev.target.value);
        } catch {
            quantity = NaN;
        }
        return this.set(quantity, ev.target);
    }

    /**
     * @param {number} quantity
     * @param {HTMLInputElement} [input] to show again what is saved, when the quantity is refused
     */
    async set(quantity, input) {
        if (!Number.isFinite(quantity) || quantity < 0) {
            this.notification.add(_t("%s: enter a number of 0 or more.", this.label), {
                type: "danger",
            });
        } else if (!this.state.isBusy && quantity !== this.value) {
            this.state.isBusy = true;
            const { record } = this.props;
            try {
                await record.update({ [this.props.name]: quantity });
                if (!(await record.save())) {
                    await record.discard();
                }
            } catch (error) {
                await record.discard();
                throw error;
            } finally {
                this.state.isBusy = false;
            }
        }
        if (input) {
            input.value = this.shown;
        }
    }
}

registry.category("fields").add("vmi_quantity", {
    component: QuantityField,
    displayName: _t("Quantity to Change"),
    supportedTypes: ["float"],
    fieldDependencies: ({ options }) =>
        options.step_field ? [{ name: options.step_field, type: "float" }] : [],
    extractProps: ({ options }, dynamicInfo) => ({
        readonly: dynamicInfo.readonly,
        stepField: options.step_field,
    }),
});
