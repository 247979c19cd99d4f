import { formatFigure, formatMoment } from "@overview_page/overview_page/overview_page";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

const MODEL = "vendor.sourcing.product";
const PRODUCTS = "supply_partner_sourcing.vendor_sourcing_product_action";
// Dots keep so far from the edges of their cell, in percent.
const EDGE = 8;
// The cells as they lie: high impact above, high risk to the right.
const PLACES = ["leverage", "strategic", "routine", "bottleneck"];

/** The Kraljic matrix: products by impact and supply risk; each cell and each dot opens. */
export class SourcingMatrix extends Component {
    static template = "supply_partner_sourcing.SourcingMatrix";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "sourcing-matrix";
    static displayName = _t("Sourcing Matrix");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ matrix: null, isBusy: false });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.matrix = await this.orm.call(MODEL, "get_matrix", []);
    }

    get matrix() {
        return this.state.matrix;
    }

    get cells() {
        return PLACES.map((code) => this.matrix.quadrants.find((cell) => cell.code === code));
    }

    get isEmpty() {
        return !this.matrix.quadrants.some((cell) => cell.count);
    }

    moment(value) {
        return formatMoment(value);
    }

    amount(value) {
        return formatFigure(value, "monetary", this.matrix.currency_id, { short: true });
    }

    percentage(value) {
        return formatFigure(value, "percentage");
    }

    countText(cell) {
        return cell.count === 1 ? _t("1 product") : _t("%s products", cell.count);
    }

    get alertText() {
        return this.matrix.alerts === 1
            ? _t("1 strategic product comes from a single source")
            : _t("%s strategic products come from a single source", this.matrix.alerts);
    }

    get highText() {
        return _t("High risk from %s points", this.matrix.high);
    }

    singleText(cell) {
        return _t("%s single source", cell.single);
    }

    /** Where a dot lies in its cell: to the right with the risk, upwards with the spend. */
    place(cell, dot) {
        const { high } = this.matrix;
        const isRisky = ["strategic", "bottleneck"].includes(cell.code);
        const [from, to] = isRisky ? [high, 100] : [0, high];
        const risk = to > from ? (dot.risk - from) / (to - from) : 0.5;
        const spends = cell.dots.map((other) => Math.log1p(Math.max(other.spend, 0)));
        const [least, most] = [Math.min(...spends), Math.max(...spends)];
        const spend =
            most > least ? (Math.log1p(Math.max(dot.spend, 0)) - least) / (most - least) : 0.5;
        const within = (share) => EDGE + (100 - 2 * EDGE) * Math.min(Math.max(share, 0), 1);
        return `left: ${within(risk)}%; bottom: ${within(spend)}%`;
    }

    dotTitle(dot) {
        return _t("%(product)s: %(spend)s, risk %(risk)s", {
            product: dot.name,
            spend: this.amount(dot.spend),
            risk: Math.round(dot.risk),
        });
    }

    openCell(cell) {
        return this.action.loadAction(PRODUCTS).then((action) =>
            this.action.doAction({
                ...action,
                name: cell.name,
                display_name: cell.name,
                domain: [["quadrant", "=", cell.code]],
                context: {},
            })
        );
    }

    openDot(dot) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MODEL,
            res_id: dot.id,
            views: [[false, "form"]],
        });
    }

    openAlerts() {
        return this.action.loadAction(PRODUCTS).then((action) =>
            this.action.doAction({
                ...action,
                name: _t("Strategic and Single Source"),
                display_name: _t("Strategic and Single Source"),
                domain: [["alert_since", "!=", false]],
                context: {},
            })
        );
    }

    async recalculate() {
        this.state.isBusy = true;
        try {
            await this.orm.call("vendor.sourcing.policy", "recalculate_company", []);
            await this.load();
            this.notification.add(_t("The sourcing figures are calculated."), { type: "success" });
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("actions").add("supply_partner_sourcing.sourcing_matrix", SourcingMatrix);
