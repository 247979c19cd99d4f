import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { withHelp } from "@overview_page/with_help";
import { deserializeDate, deserializeDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { useSetupAction } from "@web/search/action_hook";
import {
    formatFloat,
    formatInteger,
    formatMonetary,
    formatPercentage,
} from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

// From here on an amount is shortened, its title has all of it.
const LARGE_AMOUNT = 10_000_000;
const NOTHING = "–";

/** Return a figure as a text. None and what is not there is a dash. */
export function formatFigure(value, kind, currencyId, { short = false } = {}) {
    if (value === null || value === undefined || value === false) {
        return NOTHING;
    }
    switch (kind) {
        case "integer":
            return formatInteger(value);
        case "float":
            return formatFloat(value, { trailingZeros: false });
        case "monetary": {
            const humanReadable = short && Math.abs(value) >= LARGE_AMOUNT;
            const digits = [16, humanReadable ? 2 : 0];
            return formatMonetary(value, { currencyId, digits, humanReadable });
        }
        case "percentage":
            return formatPercentage(value, { digits: [16, 1] });
        case "days":
            return value === 1 ? _t("1 day") : _t("%s days", formatInteger(value));
        case "date":
            return formatMoment(value);
        default:
            return String(value);
    }
}

/** Return a date, or a moment in UTC, in the user's time zone; a moment of this year without it. */
export function formatMoment(value) {
    if (value.length === 10) {
        return deserializeDate(value).toLocaleString(luxon.DateTime.DATE_MED);
    }
    const moment = deserializeDateTime(value);
    return moment.toLocaleString({
        year: moment.year === luxon.DateTime.now().year ? undefined : "numeric",
        day: "numeric",
        month: "short",
        hour: "2-digit",
        minute: "2-digit",
    });
}

/** A page of figures that open what they count; see readme/DEVELOP.rst. */
export class OverviewPage extends Component {
    static template = "overview_page.OverviewPage";
    static components = { ChartCanvas, ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ page: null });
        this.model = this.props.action.params.model;
        useSetupAction({ getLocalState: () => ({ scope: this.state.page.scope }) });
        onWillStart(() => this.load(this.props.state?.scope));
    }

    async load(scope = null) {
        this.state.page = await this.orm.call(this.model, "get_overview", [scope]);
    }

    get page() {
        return this.state.page;
    }

    get stepsDone() {
        return this.page.steps.filter((step) => step.is_done).length;
    }

    get nextStep() {
        return this.page.steps.find((step) => !step.is_done)?.name;
    }

    format(value, kind, options) {
        return formatFigure(value, kind, this.page.currency_id, options);
    }

    formatChange({ value, kind }) {
        const text = this.format(Math.abs(value), kind || "integer", { short: true });
        return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text;
    }

    tileClass(tile) {
        return {
            [`o_overview_tone_${tile.tone}`]: tile.tone,
            o_overview_tile_text: ["text", "date"].includes(tile.kind),
        };
    }

    changeIcon({ value }) {
        return value > 0 ? "fa-caret-up" : value < 0 ? "fa-caret-down" : "";
    }

    changeClass({ is_good }) {
        return { "text-success": is_good === true, "text-danger": is_good === false };
    }

    open(action) {
        return this.action.doAction(withHelp(action), {
            onClose: () => this.load(this.page.scope),
        });
    }

    async dismissSteps() {
        await this.orm.call(this.model, "dismiss_steps", []);
        this.page.steps = [];
    }

    getChartConfig(chart, palette) {
        const currencyId = this.page.currency_id;
        const show = (value) => formatFigure(value, chart.kind, currencyId, { short: true });
        return {
            type: "line",
            data: {
                labels: chart.labels,
                datasets: chart.lines.map(({ name, values }, index) => ({
                    label: name,
                    data: values,
                    borderColor: palette.color(index),
                    backgroundColor: palette.color(index),
                    borderWidth: 2,
                    pointRadius: 2,
                    tension: 0.2,
                })),
            },
            options: {
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { display: chart.lines.length > 1, labels: { color: palette.text } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${show(raw)}`,
                        },
                    },
                },
                scales: {
                    x: palette.axis(),
                    y: palette.axis("", { beginAtZero: true, ticks: { callback: show } }),
                },
            },
        };
    }
}

registry.category("actions").add("overview_page", OverviewPage);
