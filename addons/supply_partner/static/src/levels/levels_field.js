import { Component, useEffect, useRef } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FloatField } from "@web/views/fields/float/float_field";
import { PercentageField } from "@web/views/fields/percentage/percentage_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const INPUTS = {
    min_max: ["min_qty", "max_qty"],
    days_of_supply: ["min_days", "max_days"],
    service_level: ["service_target", "cover_days"],
    forecast: ["service_target", "cover_days"],
};

/**
 * What is kept of a product: in words, and while the line is edited the inputs of its method.
 *
 * The view holds the fields of all methods, invisible.
 */
export class LevelsField extends Component {
    static template = "supply_partner.LevelsField";
    static components = { FloatField, PercentageField };
    static props = { ...standardFieldProps };

    setup() {
        const root = useRef("root");
        useEffect(
            () => {
                const labels = [this.first.label, this.second.label];
                for (const [place, input] of root.el?.querySelectorAll("input").entries() || []) {
                    input.setAttribute("aria-label", labels[place]);
                }
            },
            () => [root.el, this.method]
        );
    }

    get method() {
        return this.props.record.data.method;
    }

    get text() {
        return this.props.record.data[this.props.name];
    }

    get first() {
        return this.getInput(0);
    }

    get second() {
        return this.getInput(1);
    }

    get isShare() {
        return this.first.name === "service_target";
    }

    get unit() {
        const unit = this.props.record.data.product_uom_id;
        return this.method === "min_max" ? unit?.display_name || "" : "";
    }

    getInput(place) {
        const { record } = this.props;
        const name = (INPUTS[this.method] || INPUTS.min_max)[place];
        return { name, record, readonly: false, label: record.fields[name].string };
    }

    get percentage() {
        const { name, record, readonly } = this.first;
        return { name, record, readonly };
    }

    getFloat({ name, record, readonly }) {
        return { name, record, readonly, trailingZeros: false };
    }

    onKeydown(ev) {
        // Between the two inputs the list's own way to the next cell does not count.
        const inputs = [...ev.currentTarget.querySelectorAll("input")];
        const next = inputs[inputs.indexOf(ev.target) + (ev.shiftKey ? -1 : 1)];
        if (ev.key === "Tab" && next) {
            ev.stopPropagation();
            ev.preventDefault();
            next.focus();
            next.select();
        }
    }
}

registry.category("fields").add("vmi_levels", {
    component: LevelsField,
    supportedTypes: ["char"],
    extractProps: (_info, dynamicInfo) => ({ readonly: dynamicInfo.readonly }),
});
