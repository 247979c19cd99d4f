import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";

/**
 * Draws the cumulative share of the revenue by share of the customers, best first, from a JSON
 * field: {customers, points: [[number of customers, share of the revenue], ...], best_customers,
 * best_share}. Shares are 0 to 1. An empty field draws nothing.
 */
export class ConcentrationChartField extends ChartField {
    get label() {
        return _t("Share of the revenue by share of the customers");
    }

    getConfig(data, palette) {
        const share = (value) => formatPercentage(value, { digits: [16, 0] });
        const best = { x: data.best_customers / data.customers, y: data.best_share };
        const describe = ({ x, y }) =>
            _t("%(customers)s of the customers: %(revenue)s of the revenue", {
                customers: share(x),
                revenue: share(y),
            });
        const axis = (title) =>
            palette.axis(title, {
                type: "linear",
                min: 0,
                max: 1,
                ticks: { stepSize: 0.2, callback: share },
            });
        return {
            type: "scatter",
            data: {
                datasets: [
                    {
                        label: _t("Best customers"),
                        data: [best],
                        backgroundColor: palette.color(0),
                        borderColor: palette.color(0),
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
                        backgroundColor: palette.faded(0),
                        borderColor: palette.color(0),
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
                        borderColor: palette.text,
                        borderDash: [4, 3],
                        borderWidth: 1,
                        pointRadius: 0,
                        pointHitRadius: 0,
                    },
                ],
            },
            options: {
                interaction: { mode: "nearest", intersect: false },
                plugins: {
                    legend: { display: false },
                    subtitle: { display: true, text: describe(best), color: palette.text },
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

export const concentrationChartField = chartField({ component: ConcentrationChartField });

registry.category("fields").add("concentration_chart", concentrationChartField);
