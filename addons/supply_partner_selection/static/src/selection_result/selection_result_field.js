import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** Shows who leads and why: scores by criterion, weights by method and by judge, what would flip it. */
export class SelectionResultField extends Component {
    static template = "supply_partner_selection.SelectionResultField";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name];
    }

    get criteria() {
        const { criteria } = this.data;
        return criteria.map((criterion, index) => ({
            ...criterion,
            color: getColor(index, cookie.get("color_scheme"), criteria.length),
        }));
    }

    get vendors() {
        const { criteria } = this;
        return this.data.vendors.map((vendor) => ({
            ...vendor,
            text: this.formatShare(vendor.score),
            parts: criteria.map((criterion, index) => {
                const rating = vendor.ratings[index];
                return {
                    color: criterion.color,
                    width: 100 * criterion.weight * (rating || 0),
                    title: _t("%(criterion)s: %(rating)s of %(weight)s", {
                        criterion: criterion.name,
                        rating: this.formatShare(criterion.weight * (rating || 0)),
                        weight: this.formatShare(criterion.weight),
                    }),
                };
            }),
        }));
    }

    labelOf(vendor) {
        return [vendor.name, vendor.text, ...vendor.parts.map((part) => part.title)].join(", ");
    }

    /** Return for each element of a node its weight by method and by judge, and their spread. */
    rowsOf(node) {
        return node.elements.map((name, index) => {
            const methods = node.methods.map((method) => ({
                code: method.code,
                text: method.weights ? this.formatShare(method.weights[index]) : "–",
            }));
            const judges = node.judges.map((judge) => judge.weights[index]);
            const used = node.methods.find((method) => method.code === this.data.method);
            return {
                name,
                methods,
                judges: judges.map((weight) => this.formatShare(weight)),
                spread: judges.length > 1 && {
                    low: 100 * Math.min(...judges),
                    width: 100 * (Math.max(...judges) - Math.min(...judges)),
                    group: used.weights ? 100 * used.weights[index] : null,
                    text: `${this.formatShare(Math.min(...judges))} – ${this.formatShare(
                        Math.max(...judges)
                    )}`,
                },
            };
        });
    }

    /** Return the group's consistency, and which judges contradict themselves. */
    summaryOf(node) {
        const used = node.methods.find((method) => method.code === this.data.method);
        const cr = `CR ${this.formatIndex(used.cr)}`;
        const judges = node.judges.filter((judge) => this.isInconsistent(judge.cr));
        return judges.length
            ? _t("%(cr)s · inconsistent: %(judges)s", {
                  cr,
                  judges: judges.map((judge) => judge.name).join(", "),
              })
            : cr;
    }

    isDoubtful(node) {
        return [...node.methods, ...node.judges].some(({ cr }) => this.isInconsistent(cr));
    }

    isInconsistent(cr) {
        return cr !== null && cr !== undefined && cr > this.data.most;
    }

    formatShare(share) {
        return `${formatFloat(100 * share, { digits: [16, 1] })}\u00a0%`;
    }

    formatIndex(value) {
        return value === null || value === undefined
            ? "–"
            : formatFloat(value, { digits: [16, 3] });
    }
}

registry.category("fields").add("selection_result", {
    component: SelectionResultField,
    supportedTypes: ["json"],
});
