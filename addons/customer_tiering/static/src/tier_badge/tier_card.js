import { ScoreScale, formatScore } from "@customer_tiering/score_scale/score_scale";
import { useService } from "@web/core/utils/hooks";

import { Component, onWillStart, useState } from "@odoo/owl";

/** The dimensions of a score as bars: [{label, score}, ...]. */
export class TierDimensions extends Component {
    static template = "customer_tiering.TierDimensions";
    static props = { dimensions: Array };

    formatScore(score) {
        return formatScore(score);
    }
}

/** The card of a customer: what the tier stands on, what it gives, what keeps it or lifts it. */
export class TierCard extends Component {
    static template = "customer_tiering.TierCard";
    static components = { ScoreScale, TierDimensions };
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

    formatScore(score) {
        return formatScore(score);
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
