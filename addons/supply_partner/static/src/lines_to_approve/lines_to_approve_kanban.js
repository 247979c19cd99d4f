import { registry } from "@web/core/registry";
import { KanbanHeader } from "@web/views/kanban/kanban_header";
import { KanbanRenderer } from "@web/views/kanban/kanban_renderer";
import { kanbanView } from "@web/views/kanban/kanban_view";
import { ProposalHeader, isProposal } from "./proposal_header";

/** The head of a column, or on a phone of a block, of the lines of one proposal. */
export class LinesToApproveKanbanHeader extends KanbanHeader {
    static template = "supply_partner.LinesToApproveKanbanHeader";
    static components = { ...KanbanHeader.components, ProposalHeader };

    get isProposal() {
        return isProposal(this.group);
    }
}

/** Cards of lines by proposal; on a phone the proposals stand one below the other. */
export class LinesToApproveKanbanRenderer extends KanbanRenderer {
    static components = {
        ...KanbanRenderer.components,
        KanbanHeader: LinesToApproveKanbanHeader,
    };

    get showNoContentHelper() {
        // Nobody makes groups here: without any there is nothing to approve.
        const { isGrouped, groups } = this.props.list;
        return (isGrouped && !groups.length) || super.showNoContentHelper;
    }
}

registry.category("views").add("vmi_lines_to_approve_kanban", {
    ...kanbanView,
    Renderer: LinesToApproveKanbanRenderer,
});
