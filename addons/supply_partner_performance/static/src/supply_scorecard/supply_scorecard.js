import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import {
    formatFloat,
    formatInteger,
    formatMonetary,
    formatPercentage,
} from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** The supply scorecard: service, assets and cost, each figure with its last twelve months. */
export class SupplyScorecard extends Component {
    static template = "supply_partner_performance.SupplyScorecard";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        const { active_id: agreementId = false } = this.props.action.context;
        this.state = useState({ agreementId, data: null, isBusy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("vmi.performance", "get_supply_scorecard", [
            this.state.agreementId,
        ]);
    }

    async refresh() {
        this.state.isBusy = true;
        try {
            await this.orm.call("vmi.performance", "refresh_supply_scorecard", [this.state.agreementId]);
            await this.load();
        } finally {
            this.state.isBusy = false;
        }
    }

    async choose(event) {
        this.state.agreementId = Number(event.target.value) || false;
        await this.load();
    }

    async open(figure) {
        const action = await this.action.loadAction("supply_partner_performance.vmi_performance_action");
        this.action.doAction({
            ...action,
            domain: this.state.data.domain,
            context: { graph_measure: figure.name, pivot_measures: [figure.name] },
        });
    }

    get isEmpty() {
        return this.state.data.levels.every((level) =>
            level.figures.every((figure) => figure.values.every((value) => !this.isKnown(value)))
        );
    }

    isKnown(value) {
        return typeof value === "number";
    }

    format(figure, value) {
        if (!this.isKnown(value)) {
            return "–";
        }
        switch (figure.kind) {
            case "percentage":
                return formatPercentage(value, { digits: [16, 1] });
            case "monetary":
                return formatMonetary(value, {
                    currencyId: this.state.data.currency_id,
                    digits: [16, 0],
                });
            case "integer":
                return formatInteger(Math.round(value));
            default:
                return formatFloat(value, { digits: [16, 1] });
        }
    }

    latest(figure) {
        return figure.values.at(-1);
    }

    previous(figure) {
        return figure.values.at(-2);
    }

    /** Return whether the figure rose (1), fell (-1) or stayed (0) against last month. */
    change(figure) {
        const [before, now] = [this.previous(figure), this.latest(figure)];
        if (!this.isKnown(before) || !this.isKnown(now)) {
            return 0;
        }
        return this.format(figure, before) === this.format(figure, now) ? 0 : Math.sign(now - before);
    }

    changeClass(figure) {
        const judged = this.change(figure) * figure.direction;
        return judged > 0 ? "text-success" : judged < 0 ? "text-danger" : "text-muted";
    }

    bars(figure) {
        const known = figure.values.filter((value) => this.isKnown(value));
        const highest = figure.kind === "percentage" ? 1 : Math.max(...known, 0);
        return figure.values.map((value, index) => ({
            index,
            isKnown: this.isKnown(value),
            isLatest: index === figure.values.length - 1,
            height: highest > 0 && value > 0 ? Math.max((100 * value) / highest, 3) : 3,
            title: `${this.state.data.months[index]}: ${this.format(figure, value)}`,
        }));
    }
}

registry.category("actions").add("supply_partner_performance.supply_scorecard", SupplyScorecard);
