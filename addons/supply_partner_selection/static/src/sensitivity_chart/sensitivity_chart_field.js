import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { cookie } from "@web/core/browser/cookie";
import { getColor } from "@web/core/colors/colors";
import { formatFloat } from "@web/core/utils/numbers";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useRecordObserver } from "@web/model/relational_model/utils";

import { useState } from "@odoo/owl";

/** Draws the score of each vendor by the weight of a criterion, which is chosen above. */
export class SensitivityChartField extends ChartField {
    static template = "supply_partner_selection.SensitivityChartField";

    setup() {
        super.setup();
        this.state = useState({ selected: null });
        useRecordObserver((record) => {
            this.state.selected = record.data[this.props.name]?.selected || null;
        });
    }

    get criterion() {
        const { criteria } = this.data;
        return criteria.find(({ id }) => id === this.state.selected) || criteria[0];
    }

    get label() {
        return _t("Score of each vendor by the weight of %s", this.criterion.name);
    }

    get flipText() {
        const { flips } = this.criterion;
        if (!flips.length) {
            return _t("No weight of %s brings another vendor to the front.", this.criterion.name);
        }
        const weights = flips.map((weight) => `${this.formatPercent(weight)} %`).join(", ");
        return _t("Another vendor leads from: %s", weights);
    }

    formatPercent(share) {
        return formatFloat(100 * share, { digits: [16, 1] });
    }

    onSelect(ev) {
        this.state.selected = Number(ev.target.value);
    }

    getConfig(criterion, palette) {
        const { x, y, now } = this.data;
        const scheme = cookie.get("color_scheme");
        const colors = criterion.lines.map((_line, index) =>
            getColor(index, scheme, criterion.lines.length)
        );
        const lines = criterion.lines.map((line, index) => ({
            label: line.name,
            data: [
                { x: 0, y: 100 * line.start },
                { x: 100, y: 100 * line.end },
            ],
            showLine: true,
            borderColor: colors[index],
            backgroundColor: colors[index],
            borderWidth: 2,
            pointRadius: 3,
        }));
        const weight = 100 * criterion.weight;
        return {
            type: "scatter",
            data: {
                datasets: [
                    ...lines,
                    {
                        label: `${now}: ${this.formatPercent(criterion.weight)} %`,
                        data: [
                            { x: weight, y: 0 },
                            { x: weight, y: 100 },
                        ],
                        showLine: true,
                        borderColor: palette.text,
                        backgroundColor: palette.text,
                        borderDash: [4, 4],
                        borderWidth: 1,
                        pointRadius: 0,
                    },
                ],
            },
            options: {
                plugins: {
                    legend: {
                        labels: { color: palette.text, usePointStyle: true, pointStyle: "line" },
                    },
                },
                scales: {
                    x: palette.axis(x, { type: "linear", min: 0, max: 100 }),
                    y: palette.axis(y, { min: 0, max: 100 }),
                },
            },
        };
    }
}

registry
    .category("fields")
    .add("sensitivity_chart", chartField({ component: SensitivityChartField }));
