import { ChartField, chartField } from "@chart_canvas/chart_field/chart_field";
import { registry } from "@web/core/registry";

/**
 * Draws maximum, fill rate and target by cycle from a JSON field:
 * {labels, lines: [{name, values, stepped, dashed}]}, all in percent.
 */
export class GlideChartField extends ChartField {
    getConfig(data, palette) {
        return {
            type: "line",
            data: {
                labels: data.labels,
                datasets: data.lines.map((line, index) => ({
                    label: line.name,
                    data: line.values,
                    borderColor: palette.color(index),
                    backgroundColor: palette.color(index),
                    borderWidth: 2,
                    borderDash: line.dashed ? [6, 4] : [],
                    pointRadius: line.dashed ? 0 : 3,
                    stepped: Boolean(line.stepped),
                })),
            },
            options: {
                interaction: { mode: "index", intersect: false },
                plugins: { legend: { labels: { color: palette.text } } },
                scales: {
                    x: palette.axis(),
                    y: palette.axis("%", { suggestedMax: 100 }),
                },
            },
        };
    }
}

registry.category("fields").add("vmi_glide_chart", chartField({ component: GlideChartField }));
