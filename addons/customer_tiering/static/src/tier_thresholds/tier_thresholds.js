import { ChartCanvas } from "@chart_canvas/chart_canvas/chart_canvas";
import { _t } from "@web/core/l10n/translation";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { GAP, countByTier, heightsOf, limitThreshold, limitsOf } from "./thresholds";

import { Component, useRef, useState } from "@odoo/owl";

const BARS = 50;
const KEYS = {
    ArrowRight: GAP,
    ArrowUp: GAP,
    ArrowLeft: -GAP,
    ArrowDown: -GAP,
    PageUp: 10 * GAP,
    PageDown: -10 * GAP,
};

/**
 * A histogram of scores with the thresholds of the tiers, which can be moved.
 *
 * The tiers are those of the record's tier_ids, whose From Score is set when one is let go of.
 * Their sizes are counted again by the histogram while it moves.
 */
export class TierThresholds extends Component {
    static template = "customer_tiering.TierThresholds";
    static components = { ChartCanvas };
    static props = { ...standardFieldProps };

    setup() {
        this.plot = useRef("plot");
        // The threshold that is being moved.
        this.moved = useState({ id: null, from: 0 });
        this.scale = [0, 20, 40, 60, 80, 100];
        // What the sizes are compared with: the thresholds as they were opened.
        this.first = new Map();
    }

    get histogram() {
        return this.props.record.data[this.props.name];
    }

    /** The chart is drawn again only for other figures. */
    get bars() {
        if (this.drawn !== this.histogram) {
            this.drawn = this.histogram;
            this.drawnBars = { heights: heightsOf(this.histogram, BARS) };
        }
        return this.drawnBars;
    }

    /** A preview says by which tiers it went; the tiers of a policy may be changed. */
    get isPreview() {
        return Boolean(this.histogram.tiers);
    }

    get hasThresholds() {
        return this.isPreview || this.props.record.data.method === "score";
    }

    get canMove() {
        return this.hasThresholds && !this.isPreview && !this.props.readonly;
    }

    /** The tiers as records of a form, best first. */
    get records() {
        if (this.isPreview) {
            // Somebody else may have asked for it, in another language.
            return this.histogram.tiers.map((tier) => ({
                id: tier.id,
                data: { ...tier, name: tier.names?.[user.context.lang] || tier.name },
            }));
        }
        const list = this.props.record.data.tier_ids;
        return [...list.records].sort((a, b) => a.data.sequence - b.data.sequence);
    }

    /** The tiers, best first, with their sizes and where they stand. */
    get tiers() {
        const tiers = this.records.map((record) => ({
            id: record.id,
            record,
            name: record.data.name,
            color: record.data.color || 0,
            from: record.id === this.moved.id ? this.moved.from : record.data.min_score,
        }));
        if (!this.hasThresholds) {
            return [];
        }
        const counted = countByTier(this.histogram, tiers);
        if (!this.first.size) {
            const saved = tiers.map(({ id, record }) => ({ id, from: record.data.min_score }));
            this.first = countByTier(this.histogram, saved);
        }
        return tiers.map((tier, index) => {
            const isLowest = index === tiers.length - 1;
            const start = isLowest ? 0 : tier.from;
            const end = index ? tiers[index - 1].from : 100;
            const count = counted.get(tier.id);
            const change = count - (this.first.has(tier.id) ? this.first.get(tier.id) : count);
            return {
                ...tier,
                isLowest,
                count,
                start,
                width: Math.max(end - start, 0),
                limits: limitsOf(tiers, index),
                fromText: this.format(start),
                countText: formatInteger(count),
                changeText: change && `${change > 0 ? "+" : "−"}${formatInteger(Math.abs(change))}`,
                label: _t("%(tier)s: from score", { tier: tier.name }),
                valueText: _t("%(score)s, %(count)s customers", {
                    score: this.format(start),
                    count: formatInteger(count),
                }),
            };
        });
    }

    /** The thresholds that can be moved; of two close ones the mark of one stands higher. */
    get handles() {
        let former;
        return this.tiers
            .filter((tier) => !tier.isLowest)
            .map((tier) => {
                const isClose = former && former.from - tier.from < 7;
                former = { ...tier, isRaised: isClose && !former.isRaised };
                return former;
            });
    }

    get isRightToLeft() {
        return localization.direction === "rtl";
    }

    get label() {
        return _t("Customers by score");
    }

    get others() {
        const { unscored, prospects } = this.histogram;
        const texts = [];
        if (unscored) {
            texts.push(_t("Without any figure: %s, in the lowest tier", formatInteger(unscored)));
        }
        if (prospects) {
            texts.push(_t("Prospects, who are not scored: %s", formatInteger(prospects)));
        }
        return texts.join(" · ");
    }

    format(score) {
        return formatFloat(score, { digits: [5, 2], trailingZeros: false });
    }

    getConfig({ heights }, palette) {
        const width = 100 / heights.length;
        return {
            type: "bar",
            data: {
                labels: heights.map(
                    (_height, bar) => `${this.format(bar * width)}–${this.format((bar + 1) * width)}`
                ),
                datasets: [
                    {
                        data: heights.map((height) => height || null),
                        backgroundColor: palette.color(0),
                        barPercentage: 0.9,
                        categoryPercentage: 1,
                        minBarLength: 2,
                    },
                ],
            },
            options: {
                layout: { padding: 0 },
                plugins: { legend: { display: false } },
                scales: { x: { display: false }, y: { display: false, beginAtZero: true } },
            },
        };
    }

    scoreAt(clientX) {
        const { left, width } = this.plot.el.getBoundingClientRect();
        const share = (clientX - left) / (width || 1);
        return 100 * (this.isRightToLeft ? 1 - share : share);
    }

    limit(tier, score) {
        const tiers = this.tiers;
        return limitThreshold(
            tiers,
            tiers.findIndex(({ id }) => id === tier.id),
            score
        );
    }

    onPointerDown(tier, ev) {
        if (!this.canMove || ev.button) {
            return;
        }
        ev.preventDefault();
        ev.currentTarget.focus();
        ev.currentTarget.setPointerCapture?.(ev.pointerId);
        Object.assign(this.moved, { id: tier.id, from: tier.from });
    }

    onPointerMove(tier, ev) {
        if (this.moved.id === tier.id) {
            this.moved.from = this.limit(tier, this.scoreAt(ev.clientX));
        }
    }

    async onPointerUp(tier) {
        if (this.moved.id === tier.id) {
            await this.setThreshold(tier, this.moved.from);
            this.moved.id = null;
        }
    }

    onPointerCancel() {
        this.moved.id = null;
    }

    async onKeydown(tier, ev) {
        const { min, max } = tier.limits;
        const scores = { Home: min, End: max };
        const turned = this.isRightToLeft && ["ArrowLeft", "ArrowRight"].includes(ev.key);
        if (!this.canMove || !(ev.key in KEYS || ev.key in scores)) {
            return;
        }
        ev.preventDefault();
        ev.stopPropagation();
        const score = ev.key in scores ? scores[ev.key] : tier.from + KEYS[ev.key] * (turned ? -1 : 1);
        await this.setThreshold(tier, this.limit(tier, score));
    }

    async setThreshold(tier, score) {
        if (score !== tier.record.data.min_score) {
            await tier.record.update({ min_score: score });
        }
    }
}

export const tierThresholds = {
    component: TierThresholds,
    displayName: _t("Thresholds above the scores"),
    supportedTypes: ["json"],
};

registry.category("fields").add("tier_thresholds", tierThresholds);
