import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { ScoreScale, formatScore } from "@customer_tiering/score_scale/score_scale";
import { TierDimensions } from "@customer_tiering/tier_badge/tier_card";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { Component } from "@odoo/owl";

/** What a customer stands on at one look: score, dimensions, what the tier gives, 13 months. */
export class CustomerProfileField extends Component {
    static template = "customer_tiering.CustomerProfileField";
    static components = { ChartCanvas, ScoreScale, TierDimensions };
    static props = { ...standardFieldProps };

    get profile() {
        return this.props.record.data[this.props.name];
    }

    get hasMonths() {
        return this.profile.months.some((month) => month.revenue || month.score !== false);
    }

    get chartLabel() {
        return _t("Revenue and score by month: %s", this.describeMonths());
    }

    /** The months as a text, for those who do not see the chart. */
    describeMonths() {
        return this.profile.months
            .map((month) => {
                const parts = [month.label, this.formatAmount(month.revenue)];
                if (month.score !== false) {
                    parts.push(formatScore(month.score));
                }
                return parts.join(" ");
            })
            .join("; ");
    }

    formatScore(score) {
        return formatScore(score);
    }

    formatAmount(amount, options = {}) {
        const { currency_id: currencyId } = this.profile;
        return formatMonetary(amount, { currencyId, trailingZeros: false, ...options });
    }

    formatTick(amount) {
        return this.formatAmount(amount, { humanReadable: true }).replace(/[.,]00(?=\D*$)/, "");
    }

    getConfig(profile, palette) {
        const { months } = profile;
        return {
            type: "bar",
            data: {
                labels: months.map((month) => month.label),
                datasets: [
                    {
                        type: "line",
                        label: _t("Score"),
                        data: months.map((month) => (month.score === false ? null : month.score)),
                        yAxisID: "score",
                        borderColor: palette.color(1),
                        backgroundColor: palette.color(1),
                        pointRadius: 3,
                        spanGaps: true,
                    },
                    {
                        label: _t("Revenue"),
                        data: months.map((month) => month.revenue),
                        yAxisID: "revenue",
                        backgroundColor: palette.color(0),
                    },
                ],
            },
            options: {
                interaction: { mode: "index", intersect: false },
                plugins: {
                    legend: { position: "bottom", labels: { color: palette.text } },
                    tooltip: {
                        callbacks: {
                            label: ({ dataset, parsed }) => {
                                const value =
                                    dataset.yAxisID === "score"
                                        ? formatScore(parsed.y)
                                        : this.formatAmount(parsed.y);
                                return `${dataset.label}: ${value}`;
                            },
                        },
                    },
                },
                scales: {
                    x: palette.axis("", { grid: { display: false } }),
                    revenue: palette.axis("", {
                        axis: "y",
                        position: "left",
                        ticks: {
                            maxTicksLimit: 6,
                            callback: (value) => this.formatTick(value),
                        },
                    }),
                    score: palette.axis(_t("Score"), {
                        axis: "y",
                        position: "right",
                        min: 0,
                        max: 100,
                        grid: { display: false },
                    }),
                },
            },
        };
    }
}

export const customerProfileField = {
    component: CustomerProfileField,
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_profile", customerProfileField);
