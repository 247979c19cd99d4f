import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** A JSON field drawn as a chart. What extends it has a label and getConfig(data, palette). */
export class ChartField extends Component {
    static template = "chart_canvas.ChartField";
    static components = { ChartCanvas };
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return this.props.record.fields[this.props.name].string;
    }
}

/** Return the widget of a component that extends ChartField. */
export function chartField(options) {
    return { supportedTypes: ["json"], ...options };
}
