import { Component, status, useState } from "@odoo/owl";
import { toLocaleDateString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";
import { formatMonetary } from "@web/views/fields/formatters";

const GROUPED_BY = "proposal_id";

/**
 * @param {import("@web/model/relational_model/group").Group} group
 * @returns {boolean} whether a group holds the lines of one proposal
 */
export function isProposal(group) {
    return group?.groupByField.name === GROUPED_BY && Boolean(group.value);
}

/**
 * Who the proposal is for, how much it is worth and until when it stands, with its buttons.
 *
 * All is read from the lines, so that a quantity that is changed shows in the sum at once.
 */
export class ProposalHeader extends Component {
    static template = "supply_partner.ProposalHeader";
    static props = { group: Object, list: Object };

    setup() {
        this.action = useService("action");
        this.state = useState({ isBusy: false });
    }

    get first() {
        return this.props.group.list.records[0]?.data;
    }

    get title() {
        const { group } = this.props;
        const parts = [this.first?.vendor_name || group.displayName];
        if (this.first?.kind === "transfer") {
            parts.push(_t("transfer"));
        }
        parts.push(group.count === 1 ? _t("1 line") : _t("%s lines", group.count));
        if (this.first && this.first.kind !== "transfer") {
            const value = group.list.records.reduce((sum, line) => sum + line.data.amount, 0);
            const isWhole = group.list.records.length === group.count;
            const amount = formatMonetary(value, { currencyId: this.first.currency_id?.id });
            parts.push(isWhole ? amount : _t("over %s", amount));
        }
        if (this.first?.date_expiry) {
            parts.push(_t("expires %s", toLocaleDateString(this.first.date_expiry)));
        }
        return parts.join(" · ");
    }

    get name() {
        return this.props.group.displayName;
    }

    get isWaiting() {
        return Boolean(this.first?.is_waiting);
    }

    async act(name) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            // A quantity that is being typed is meant to count.
            if (!(await this.props.list.leaveEditMode?.()) && this.props.list.editedRecord) {
                return;
            }
            await this.action.doActionButton({
                type: "object",
                name,
                resModel: "vmi.proposal",
                resId: this.props.group.value,
                resIds: [this.props.group.value],
                context: this.props.list.context,
                // What a dialog did has read the page anew, and this header is gone with the old one.
                onClose: () =>
                    status(this) !== "destroyed" && this.props.list.model.root.load(),
            });
        } finally {
            this.state.isBusy = false;
        }
    }
}
