import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { expect, test } from "@odoo/hoot";
import { queryAllTexts } from "@odoo/hoot-dom";
import { contains, mountView, onRpc } from "@web/../tests/web_test_helpers";
import "@supply_partner/lines_to_approve/lines_to_approve_list";
import { FIELDS, defineProposals } from "./proposals";

defineProposals();
defineMailModels();

async function mountList() {
    await mountView({
        type: "list",
        resModel: "vmi.proposal.line",
        groupBy: ["proposal_id"],
        arch: `<list editable="bottom" expand="1" js_class="vmi_lines_to_approve_list">
            ${FIELDS}<field name="approved_qty"/>
        </list>`,
    });
}

test("each proposal says for whom it is and how much it is worth", async () => {
    await mountList();
    expect(queryAllTexts(".o_vmi_proposal_title")).toEqual([
        "Wood Corner · 2 lines · 615.60",
        "Gemini · 1 line · 20.00",
    ]);
    expect(queryAllTexts(".o_vmi_proposal_header button")).toEqual([
        "Approve",
        "Refuse",
        "Answer for the Vendor",
        "Refuse",
    ]);
});

test("approving is about the proposal, and saves what is being typed", async () => {
    onRpc("vmi.proposal", "action_approve", ({ args }) => {
        expect.step(args[0]);
        return false;
    });
    onRpc("vmi.proposal.line", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountList();
    await contains(".o_data_row:first [name=approved_qty]").click();
    await contains(".o_data_row:first [name=approved_qty] input").edit("7", { confirm: false });
    await contains("button[name=action_approve]").click();
    expect.verifySteps([{ approved_qty: 7 }, [1]]);
});
