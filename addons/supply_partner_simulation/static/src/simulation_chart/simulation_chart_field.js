import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { registry } from "@web/core/registry";

/**
 * Draws lines from a JSON field:
 * {x: title, y: title, labels: [...] (none: points have an x), lines: [{name, points}]}.
 */
export class SimulationChartField extends ChartField {
    get label() {
        return this.data.y;
    }

    getConfig(data, palette) {
        return {
            type: data.labels ? "line" : "scatter",
            data: {
                labels: data.labels,
                datasets: data.lines.map((line, index) => ({
                    label: line.name,
                    data: line.points,
                    showLine: true,
                    borderColor: palette.color(index),
                    backgroundColor: palette.color(index),
                    borderWidth: 2,
                    pointRadius: data.labels ? 0 : 5,
                    stepped: Boolean(data.labels),
                })),
            },
            options: {
                interaction: { mode: data.labels ? "index" : "nearest", intersect: false },
                plugins: {
                    legend: { labels: { color: palette.text } },
                    tooltip: {
                        callbacks: {
                            afterLabel: (item) => item.raw.note || "",
                        },
                    },
                },
                scales: {
                    x: palette.axis(data.x, { type: data.labels ? "category" : "linear" }),
                    y: palette.axis(data.y, data.labels && { beginAtZero: true }),
                },
            },
        };
    }
}

export const simulationChartField = chartField({ component: SimulationChartField });

registry.category("fields").add("simulation_chart", simulationChartField);
