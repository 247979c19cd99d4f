import { loadBundle } from "@web/core/assets";
import { getColor, getCustomColor } from "@web/core/colors/colors";
import { cookie } from "@web/core/browser/cookie";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

/**
 * Draws lines from a JSON field:
 * {x: title, y: title, labels: [...] (none: points have an x), lines: [{name, points}]}.
 */
export class SimulationChartField extends Component {
    static template = "supply_partner_simulation.SimulationChartField";
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

    getConfig(data) {
        const scheme = cookie.get("color_scheme");
        const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
        const text = getCustomColor(scheme, "#111827", "#E4E4E4");
        const axis = (title, type) => ({
            ...(type && { type }),
            title: { display: true, text: title, color: text },
            ticks: { color: text, maxRotation: 0, autoSkipPadding: 16 },
            grid: { color: grid },
        });
        return {
            type: data.labels ? "line" : "scatter",
            data: {
                labels: data.labels,
                datasets: data.lines.map((line, index) => ({
                    label: line.name,
                    data: line.points,
                    showLine: true,
                    borderColor: getColor(index, scheme, "odoo"),
                    backgroundColor: getColor(index, scheme, "odoo"),
                    borderWidth: 2,
                    pointRadius: data.labels ? 0 : 5,
                    stepped: Boolean(data.labels),
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                interaction: { mode: data.labels ? "index" : "nearest", intersect: false },
                plugins: {
                    legend: { labels: { color: text } },
                    tooltip: {
                        callbacks: {
                            afterLabel: (item) => item.raw.note || "",
                        },
                    },
                },
                scales: {
                    x: axis(data.x, data.labels ? "category" : "linear"),
                    y: { ...axis(data.y), ...(data.labels && { beginAtZero: true }) },
                },
            },
        };
    }
}

export const simulationChartField = {
    component: SimulationChartField,
    supportedTypes: ["json"],
};

registry.category("fields").add("simulation_chart", simulationChartField);
