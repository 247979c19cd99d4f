import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/**
 * What happened to a customer, latest first, from a JSON field:
 * [{day, icon, tone, title, text}, ...].
 */
export class CustomerTimelineField extends Component {
    static template = "customer_tiering.CustomerTimelineField";
    static props = { ...standardFieldProps };

    get events() {
        return this.props.record.data[this.props.name] || [];
    }

    toneOf(event) {
        return event.tone ? `text-bg-${event.tone}` : "text-bg-secondary";
    }
}

export const customerTimelineField = {
    component: CustomerTimelineField,
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_timeline", customerTimelineField);
