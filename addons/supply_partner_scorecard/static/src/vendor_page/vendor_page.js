import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { formatMoment } from "@overview_page/overview_page/overview_page";
import { withHelp } from "@overview_page/with_help";
import { formatFloat, formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

const STANDING = "vendor.standing";

/** A vendor at one look: the score, what it is made of, how it went, and what is to come. */
export class VendorPage extends Component {
    static template = "supply_partner_scorecard.VendorPage";
    static components = { ChartCanvas, ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { active_id: standingId = false } = this.props.action.context || {};
        this.state = useState({ page: null });
        onWillStart(() => this.load(this.props.state?.standingId || standingId));
    }

    async load(standingId = this.page?.id) {
        this.state.page = await this.orm.call(STANDING, "get_vendor_page", [standingId || null]);
        if (this.page.name) {
            this.env.config?.setDisplayName?.(this.page.name);
        }
    }

    get page() {
        return this.state.page;
    }

    choose(event) {
        return this.load(Number(event.target.value));
    }

    score(value) {
        return formatFloat(value, { digits: [16, 2], trailingZeros: false });
    }

    get scoreLabel() {
        return _t("Score %s of 100", this.score(this.page.score));
    }

    get aboutScore() {
        const { page } = this;
        if (page.is_rated) {
            return _t(
                "Of the last %(months)s months. At the favourable end of every rate: %(best)s.",
                { months: page.period, best: this.score(page.best_score) }
            );
        }
        return _t("%(known)s % of the weight is known; %(needed)s % are needed for a score.", {
            known: this.score(page.rated_weight),
            needed: this.score(page.least_weight),
        });
    }

    get aboutBand() {
        return _t("The score has been below the band since %s.", this.page.worse_since);
    }

    get aboutPromises() {
        const { count, overdue } = this.page.promises;
        return overdue
            ? _t("%(count)s open, %(overdue)s overdue", { count, overdue })
            : _t("%s open", count);
    }

    get aboutCalculation() {
        return _t("Calculated %s", formatMoment(this.page.calculated));
    }

    weightOf(part) {
        return _t("· weight %s", this.score(part.weight));
    }

    verdictOf(part) {
        if (part.is_counted) {
            return _t("%s points", this.score(part.points));
        }
        if (!part.base) {
            return _t("Nothing to measure yet");
        }
        return _t("Does not count: %(base)s of %(least)s needed", part);
    }

    baseOf(part) {
        return [
            _t("%s events", part.base),
            part.interval,
            part.coverage && _t("%s of the value", part.coverage),
        ]
            .filter(Boolean)
            .join(", ");
    }

    quantityOf(line) {
        const value = line.value && formatMonetary(line.value, { currencyId: this.page.currency_id });
        return value
            ? _t("%(quantity)s · %(value)s missing", { quantity: line.quantity, value })
            : line.quantity;
    }

    delayOf(line) {
        return line.late === 1 ? _t("1 day late") : _t("%s days late", line.late);
    }

    /** The bands as steps of a bar, the lowest first. */
    get steps() {
        let until = 100;
        const steps = [];
        for (const mark of this.page.marks) {
            steps.unshift({ ...mark, width: until - mark.from });
            until = mark.from;
        }
        return steps;
    }

    get trendLabel() {
        return this.page.trend
            .filter((month) => month.score !== null || month.otif !== null)
            .map((month) =>
                [
                    month.label,
                    month.score !== null && _t("score %s", this.score(month.score)),
                    month.otif !== null && _t("on time in full %s %", Math.round(month.otif)),
                ]
                    .filter(Boolean)
                    .join(" ")
            )
            .join("; ");
    }

    get hasTrend() {
        return this.page.trend.some((month) => month.score !== null || month.otif !== null);
    }

    getTrend(trend, palette) {
        const line = (label, values, index) => ({
            type: "line",
            label,
            data: values,
            borderColor: palette.color(index),
            backgroundColor: palette.color(index),
            borderWidth: 2,
            pointRadius: 3,
            spanGaps: true,
            tension: 0.2,
        });
        return {
            type: "line",
            data: {
                labels: trend.map((month) => month.label),
                datasets: [
                    line(
                        _t("Score"),
                        trend.map((month) => month.score),
                        0
                    ),
                    line(
                        _t("On time in full (%)"),
                        trend.map((month) => month.otif),
                        1
                    ),
                ],
            },
            options: {
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { position: "bottom", labels: { color: palette.text } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, raw }) => `${dataset.label}: ${this.score(raw)}`,
                        },
                    },
                },
                scales: {
                    x: palette.axis("", { grid: { display: false } }),
                    y: palette.axis("", { min: 0, max: 100 }),
                },
            },
        };
    }

    async callAndReload(method) {
        const action = await this.orm.call(STANDING, method, [[this.page.id]]);
        if (action) {
            await this.action.doAction(withHelp(action), { onClose: () => this.load() });
        }
        await this.load();
    }

    override() {
        return this.callAndReload("action_override");
    }

    removeOverride() {
        return this.callAndReload("action_remove_override");
    }

    print() {
        return this.action.doAction("supply_partner_scorecard.vendor_sheet_report", {
            additionalContext: { active_ids: [this.page.id], active_id: this.page.id },
        });
    }

    openVendor() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.page.partner_id,
            views: [[false, "form"]],
        });
    }

    openPromise(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "vendor.promise",
            res_id: line.id,
            views: [[false, "form"]],
        });
    }

    openList(xmlid, context) {
        const domain = [["partner_id", "=", this.page.partner_id]];
        return this.action.loadAction(xmlid).then((action) =>
            this.action.doAction({ ...action, domain, context })
        );
    }

    openPromises() {
        return this.openList("supply_partner_scorecard.vendor_promise_action", {
            search_default_open: 1,
        });
    }

    openDeliveries() {
        return this.openList("supply_partner_scorecard.vendor_delivery_action", {
            search_default_not_kept: 1,
        });
    }

    openDisagreements() {
        return this.openList("supply_partner_scorecard.vendor_delivery_action", {
            search_default_disagreeing: 1,
        });
    }
}

registry.category("actions").add("supply_partner_scorecard.vendor_page", VendorPage);
