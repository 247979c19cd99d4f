import { cookie } from "@web/core/browser/cookie";
import { loadBundle } from "@web/core/assets";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

/**
 * Draws the cumulative share of the revenue by share of the customers, best first, from a JSON
 * field: {customers, points: [[number of customers, share of the revenue], ...], best_customers,
 * best_share}. Shares are 0 to 1. An empty field draws nothing.
 */
export class ConcentrationChartField extends Component {
    static template = "customer_tiering_backtest.ConcentrationChartField";
    static props = { ...standardFieldProps };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (data) => {
                if (!data) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.getConfig(data));
                return () => chart.destroy();
            },
            () => [this.data]
        );
    }

    get data() {
        return this.props.record.data[this.props.name];
    }

    get label() {
        return _t("Share of the revenue by share of the customers");
    }

    getConfig(data) {
        const scheme = cookie.get("color_scheme");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const text = getCustomColor(scheme, "#111827", "#E4E4E4");
        const color = getColor(0, scheme, "odoo");
        const share = (value) => formatPercentage(value, { digits: [16, 0] });
        const best = { x: data.best_customers / data.customers, y: data.best_share };
        const describe = ({ x, y }) =>
            _t("%(customers)s of the customers: %(revenue)s of the revenue", {
                customers: share(x),
                revenue: share(y),
            });
        const axis = (title) => ({
            type: "linear",
            min: 0,
            max: 1,
            title: { display: true, text: title, color: text },
            ticks: { color: text, stepSize: 0.2, callback: share },
            grid: { color: grid },
        });
        return {
            type: "scatter",
            data: {
                datasets: [
                    {
                        label: _t("Best customers"),
                        data: [best],
                        backgroundColor: color,
                        borderColor: color,
                        pointRadius: 5,
                    },
                    {
                        label: _t("Revenue"),
                        data: [
                            { x: 0, y: 0 },
                            ...data.points.map(([count, reached]) => ({
                                x: count / data.customers,
                                y: reached,
                            })),
                        ],
                        showLine: true,
                        fill: "origin",
                        backgroundColor: hexToRGBA(color, 0.1),
                        borderColor: color,
                        borderWidth: 2,
                        pointRadius: 0,
                    },
                    {
                        label: _t("Same revenue for all"),
                        data: [
                            { x: 0, y: 0 },
                            { x: 1, y: 1 },
                        ],
                        showLine: true,
                        borderColor: text,
                        borderDash: [4, 3],
                        borderWidth: 1,
                        pointRadius: 0,
                        pointHitRadius: 0,
                    },
                ],
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: "nearest", intersect: false },
                plugins: {
                    legend: { display: false },
                    subtitle: { display: true, text: describe(best), color: text },
                    tooltip: {
                        displayColors: false,
                        callbacks: {
                            label: ({ parsed }) => describe(parsed),
                        },
                    },
                },
                scales: {
                    x: axis(_t("Customers, best first")),
                    y: axis(_t("Revenue")),
                },
            },
        };
    }
}

export const concentrationChartField = {
    component: ConcentrationChartField,
    supportedTypes: ["json"],
};

registry.category("fields").add("concentration_chart", concentrationChartField);
