import { formatFigure, formatMoment } from "@overview_page/overview_page/overview_page";
import { withHelp } from "@overview_page/with_help";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { ControlPanel } from "@web/search/control_panel/control_panel";
import { useSetupAction } from "@web/search/action_hook";
import { formatFloat } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { Component, onWillStart, useState } from "@odoo/owl";

const VENDOR = "vendor.sourcing.vendor";
const TONES = {
    qualified: "o_sourcing_green",
    in_progress: "o_sourcing_blue",
    expired: "text-bg-warning",
    rejected: "text-bg-danger",
};
const QUADRANT_TONES = {
    strategic: "text-bg-danger",
    bottleneck: "text-bg-warning",
    leverage: "o_sourcing_blue",
};

/** A vendor stops today: what runs out when, until when to order elsewhere, and from whom. */
export class SourcingDrill extends Component {
    static template = "supply_partner_sourcing.SourcingDrill";
    static components = { ControlPanel };
    static props = { ...standardActionServiceProps };
    static path = "vendor-stops";
    static displayName = _t("If a Vendor Stops");

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ page: null, isBusy: false });
        const { active_id: partnerId = false } = this.props.action.context || {};
        useSetupAction({ getLocalState: () => ({ partnerId: this.page.id }) });
        onWillStart(() => this.load(this.props.state?.partnerId || partnerId));
    }

    async load(partnerId = this.page?.id) {
        this.state.page = await this.orm.call(VENDOR, "get_drill", [partnerId || null]);
    }

    get page() {
        return this.state.page;
    }

    choose(event) {
        return this.load(Number(event.target.value));
    }

    moment(value) {
        return formatMoment(value);
    }

    amount(value) {
        return formatFigure(value, "monetary", this.page.currency_id, { short: true });
    }

    percentage(value) {
        return formatFigure(value, "percentage");
    }

    quantity(value) {
        return formatFloat(value, {
            digits: [16, value < 1 ? 2 : value < 10 ? 1 : 0],
            trailingZeros: false,
        });
    }

    daysText(days) {
        return days === 1 ? _t("1 day") : _t("%s days", days);
    }

    inDaysText(days) {
        return days ? _t("in %s", this.daysText(days)) : _t("today");
    }

    demandText(line) {
        return _t("%s a day", this.quantity(line.demand));
    }

    get title() {
        return _t("If %s stops today", this.page.name);
    }

    get singleText() {
        return _t("%(single)s of %(all)s", {
            single: this.page.single_count,
            all: this.page.lines.length,
        });
    }

    get strategicText() {
        return _t("%s strategic", this.page.strategic_count);
    }

    get lateText() {
        return _t("%s too late already", this.page.late_count);
    }

    get spendLabel() {
        return _t("Spend, class %s", this.page.spend_class);
    }

    get shareText() {
        return _t("%s of all", this.percentage(this.page.share));
    }

    get noteText() {
        return _t(
            "Supply: on hand, and what others have still to deliver. Out of stock: the first day on which open deliveries, or the demand up to then, are more. Where there is no alternate, %s days are assumed for a new vendor.",
            this.page.new_vendor_days
        );
    }

    tone(state) {
        return TONES[state] || "text-bg-secondary";
    }

    quadrantTone(quadrant) {
        return QUADRANT_TONES[quadrant] || "text-bg-secondary";
    }

    stateText(alternate) {
        return alternate.has_row || alternate.state !== "qualified"
            ? alternate.state_name
            : _t("Qualified, no price");
    }

    openProduct(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "vendor.sourcing.product",
            res_id: line.sourcing_id,
            views: [[false, "form"]],
        });
    }

    openVendor() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: this.page.id,
            views: [[false, "form"]],
        });
    }

    async openAlternate(alternate) {
        const action = await this.orm.call("vendor.sourcing.source", "action_open_qualification", [
            [alternate.id],
        ]);
        return this.action.doAction(withHelp(action));
    }

    async addAlternate(line) {
        const action = await this.orm.call("vendor.sourcing.product", "action_add_alternate", [
            [line.sourcing_id],
        ]);
        return this.action.doAction(withHelp(action));
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

registry.category("actions").add("supply_partner_sourcing.sourcing_drill", SourcingDrill);
