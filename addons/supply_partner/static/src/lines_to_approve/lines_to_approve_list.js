import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";
import { ListRenderer } from "@web/views/list/list_renderer";
import { ProposalHeader, isProposal } from "./proposal_header";

/** A list of lines in which each proposal's group is headed by its sum and its buttons. */
export class LinesToApproveListRenderer extends ListRenderer {
    static groupRowTemplate = "supply_partner.LinesToApproveGroupRow";
    static components = { ...ListRenderer.components, ProposalHeader };

    isProposal(group) {
        return isProposal(group);
    }

    getGroupNameCellColSpan(group) {
        // The sums stand in the header itself.
        return isProposal(group) ? this.nbCols : super.getGroupNameCellColSpan(group);
    }

    getAggregateColumns(group) {
        return isProposal(group) ? [] : super.getAggregateColumns(group);
    }
}

registry.category("views").add("vmi_lines_to_approve_list", {
    ...listView,
    Renderer: LinesToApproveListRenderer,
});
