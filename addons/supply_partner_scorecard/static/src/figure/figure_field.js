import { Component, xml } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FloatField, floatField } from "@web/views/fields/float/float_field";
import { PercentageField } from "@web/views/fields/percentage/percentage_field";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A figure of a measure in the measure's own unit: a share as a percentage, others as they are. */
export class FigureField extends Component {
    static template = xml`
        <PercentageField t-if="isShare" t-props="props"/>
        <FloatField t-else="" t-props="props" trailingZeros="false"/>`;
    static components = { FloatField, PercentageField };
    static props = { ...standardFieldProps };

    get isShare() {
        return this.props.record.data.unit === "ratio";
    }
}

export const figureField = {
    component: FigureField,
    displayName: floatField.displayName,
    supportedTypes: ["float"],
    fieldDependencies: [{ name: "unit", type: "selection", readonly: true }],
};

registry.category("fields").add("vendor_figure", figureField);
