import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// Room to the right of the largest figure.
const MARGIN = 1.08;

/**
 * A product's position between its minimum and maximum, as a bar.
 *
 * The filled part is on hand, the mark is the position, and the band runs from the minimum to
 * the maximum. What is below 0 stands at the left end.
 */
export class LevelBarField extends Component {
    static template = "supply_partner.LevelBarField";
    static props = { ...standardFieldProps };

    get figures() {
        const { level_min_qty, level_max_qty, on_hand_qty } = this.props.record.data;
        return {
            minimum: level_min_qty,
            maximum: level_max_qty,
            onHand: on_hand_qty,
            position: this.props.record.data[this.props.name],
        };
    }

    get isKnown() {
        return Boolean(this.props.record.data.stock_status);
    }

    get top() {
        const { maximum, onHand, position } = this.figures;
        return Math.max(maximum, onHand, position, 1) * MARGIN;
    }

    /** @returns {string} where a quantity stands, for CSS */
    place(quantity) {
        return `${((100 * Math.max(quantity, 0)) / this.top).toFixed(2)}%`;
    }

    get status() {
        return this.props.record.data.stock_status;
    }

    get description() {
        const format = (quantity) => formatFloat(quantity, { trailingZeros: false });
        const { minimum, maximum, onHand, position } = this.figures;
        return _t(
            "On hand %(onHand)s, stock position %(position)s, minimum %(minimum)s, maximum %(maximum)s",
            {
                onHand: format(onHand),
                position: format(position),
                minimum: format(minimum),
                maximum: format(maximum),
            }
        );
    }
}

registry.category("fields").add("vmi_level_bar", {
    component: LevelBarField,
    displayName: _t("Bar of Levels"),
    supportedTypes: ["float"],
    fieldDependencies: [
        { name: "level_min_qty", type: "float" },
        { name: "level_max_qty", type: "float" },
        { name: "on_hand_qty", type: "float" },
        { name: "stock_status", type: "selection" },
    ],
});
