import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mountView, onRpc } from "@web/../tests/web_test_helpers";
import "@supply_partner/lines_to_approve/lines_to_approve_kanban";
import { FIELDS, ProposalLine, defineProposals } from "./proposals";

defineProposals();
defineMailModels();

test("each proposal's cards are headed by its sum and its buttons", async () => {
    onRpc("vmi.proposal", "action_answer_for_vendor", ({ args }) => {
        expect.step(args[0]);
        return false;
    });
    await mountView({
        type: "kanban",
        resModel: "vmi.proposal.line",
        groupBy: ["proposal_id"],
        arch: `<kanban js_class="vmi_lines_to_approve_kanban">
            ${FIELDS.replaceAll(' column_invisible="1"', "")}
            <templates><t t-name="card"><field name="approved_qty"/></t></templates>
        </kanban>`,
    });
    expect(queryAllTexts(".o_vmi_proposal_title")).toEqual([
        "Wood Corner · 2 lines · 615.60",
        "Gemini · 1 line · 20.00",
    ]);
    await contains("button[name=action_answer_for_vendor]").click();
    expect.verifySteps([[2]]);
});

test("without proposals it says what will be shown", async () => {
    ProposalLine._records = [];
    await mountView({
        type: "kanban",
        resModel: "vmi.proposal.line",
        groupBy: ["proposal_id"],
        noContentHelp: "Nothing to approve",
        arch: `<kanban js_class="vmi_lines_to_approve_kanban">
            <templates><t t-name="card"><field name="approved_qty"/></t></templates>
        </kanban>`,
    });
    expect(".o_nocontent_help").toHaveText("Nothing to approve");
});
