import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";

/**
 * Draws what was expected of each tenth of the customers beside what came, from the JSON field of
 * a holdout: {deciles: [[orders expected, orders, amount expected, amount], ...], ...}. Amounts are
 * drawn where they were expected, orders otherwise. A holdout without any draws nothing.
 */
export class HoldoutChartField extends ChartField {
    get data() {
        return super.data?.deciles ? super.data : false;
    }

    get label() {
        return _t("Expected and actual by tenth of the customers");
    }

    getConfig(data, palette) {
        const hasAmounts = data.deciles.every((tenth) => tenth[2] !== null);
        const [expected, actual] = hasAmounts ? [2, 3] : [0, 1];
        const bars = (label, column, index) => ({
            label,
            data: data.deciles.map((tenth) => tenth[column]),
            backgroundColor: palette.color(index),
        });
        const short = (value) => formatFloat(value, { humanReadable: true, digits: [16, 0] });
        return {
            type: "bar",
            data: {
                labels: data.deciles.map((_tenth, index) => index + 1),
                datasets: [
                    bars(_t("Expected"), expected, 0),
                    bars(_t("Actual"), actual, 1),
                ],
            },
            options: {
                plugins: {
                    legend: { position: "bottom", labels: { color: palette.text } },
                    tooltip: {
                        callbacks: {
                            title: ([{ label }]) => _t("Tenth %s, best first", label),
                            label: ({ dataset, parsed }) => `${dataset.label}: ${short(parsed.y)}`,
                        },
                    },
                },
                scales: {
                    x: palette.axis(_t("Tenths of the customers, best first")),
                    y: palette.axis(hasAmounts ? _t("Revenue") : _t("Days with an order"), {
                        beginAtZero: true,
                        ticks: { callback: short },
                    }),
                },
            },
        };
    }
}

export const holdoutChartField = chartField({ component: HoldoutChartField });

registry.category("fields").add("holdout_chart", holdoutChartField);
