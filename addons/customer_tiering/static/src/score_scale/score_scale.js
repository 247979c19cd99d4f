import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";

import { Component } from "@odoo/owl";

/** Return a score as a text, with a decimal where it has one. */
export function formatScore(score) {
    return formatFloat(score, { digits: [16, score % 1 ? 1 : 0] });
}

/** A score from 0 to 100 on a bar of the tiers, each in its colour from its threshold on. */
export class ScoreScale extends Component {
    static template = "customer_tiering.ScoreScale";
    static props = {
        score: Number,
        // Best first: {name, icon, color, from: threshold}.
        marks: Array,
        // Whether the tiers are named, and not shown by their icons alone.
        isNamed: { type: Boolean, optional: true },
    };

    get steps() {
        let until = 100;
        const steps = [];
        for (const mark of this.props.marks) {
            steps.unshift({ ...mark, width: until - mark.from });
            until = mark.from;
        }
        if (until > 0) {
            // Below the lowest threshold, or all of it where tiers go by shares.
            steps.unshift({ name: "", icon: "", color: 0, from: 0, width: until });
        }
        return steps;
    }

    get place() {
        return Math.max(0, Math.min(100, this.props.score));
    }

    get label() {
        const tiers = this.props.marks.map((mark) => `${mark.name} ${formatScore(mark.from)}`);
        return _t("Score %(score)s of 100. Tiers begin at: %(tiers)s", {
            score: formatScore(this.props.score),
            tiers: tiers.join(", "),
        });
    }

    formatScore(score) {
        return formatScore(score);
    }
}
