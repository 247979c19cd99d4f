import { _t } from "@web/core/l10n/translation";
import { formatFloat } from "@web/core/utils/numbers";
import { useService } from "@web/core/utils/hooks";

import { Component, onWillStart, useState } from "@odoo/owl";

/** The card of a customer: what the tier stands on, what it gives, what keeps it or lifts it. */
export class TierCard extends Component {
    static template = "customer_tiering.TierCard";
    static props = {
        load: Function,
        onPointerEnter: Function,
        onPointerLeave: Function,
        close: Function,
    };

    setup() {
        this.action = useService("action");
        this.state = useState({ card: null, isRefused: false });
        onWillStart(async () => {
            this.state.card = await this.props.load();
            this.state.isRefused = !this.state.card;
        });
    }

    get card() {
        return this.state.card;
    }

    get scaleLabel() {
        const { score, marks } = this.card;
        const tiers = marks.map((mark) => `${mark.name} ${this.formatScore(mark.from)}`);
        return _t("Score %(score)s of 100. Tiers begin at: %(tiers)s", {
            score: this.formatScore(score),
            tiers: tiers.join(", "),
        });
    }

    formatScore(score) {
        return formatFloat(score, { digits: [16, score % 1 ? 1 : 0] });
    }

    openScore() {
        this.props.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "customer.standing",
            res_id: this.card.standing_id,
            views: [[false, "form"]],
        });
    }
}
