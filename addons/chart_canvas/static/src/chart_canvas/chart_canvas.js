import { loadBundle } from "@web/core/assets";
import { cookie } from "@web/core/browser/cookie";
import { getColor, getCustomColor, hexToRGBA } from "@web/core/colors/colors";

import { Component, onWillStart, useEffect, useRef } from "@odoo/owl";

/** Return the colours of the screen, light or dark, and axes in them. */
export function getPalette() {
    const scheme = cookie.get("color_scheme");
    const grid = getCustomColor(scheme, "#d8dadd", "#3C3E4B");
    const text = getCustomColor(scheme, "#111827", "#E4E4E4");
    const color = (index) => getColor(index, scheme, "odoo");
    return {
        grid,
        text,
        color,
        faded: (index) => hexToRGBA(color(index), 0.1),
        axis: (title, { ticks = {}, ...options } = {}) => ({
            ...(title && { title: { display: true, text: title, color: text } }),
            ticks: { color: text, maxRotation: 0, autoSkipPadding: 16, ...ticks },
            grid: { color: grid },
            ...options,
        }),
    };
}

/**
 * Draws a chart of Chart.js.
 *
 * getConfig(data, palette) returns its configuration; it is called again when data is another object.
 */
export class ChartCanvas extends Component {
    static template = "chart_canvas.ChartCanvas";
    static props = {
        data: Object,
        getConfig: Function,
        label: String,
        height: { type: String, optional: true },
    };
    static defaultProps = { height: "18rem" };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            (data) => {
                const { options = {}, ...config } = this.props.getConfig(data, getPalette());
                const chart = new Chart(this.canvas.el, {
                    ...config,
                    options: { animation: false, maintainAspectRatio: false, ...options },
                });
                return () => chart.destroy();
            },
            () => [this.props.data]
        );
    }
}
