import { defineModels, fields, models } from "@web/../tests/web_test_helpers";

export class Proposal extends models.Model {
    _name = "vmi.proposal";

    name = fields.Char();

    _records = [
        { id: 1, name: "SP1" },
        { id: 2, name: "SP2" },
    ];
}

export class ProposalLine extends models.Model {
    _name = "vmi.proposal.line";

    proposal_id = fields.Many2one({ relation: "vmi.proposal" });
    vendor_name = fields.Char();
    kind = fields.Char();
    is_waiting = fields.Boolean();
    date_expiry = fields.Datetime();
    currency_id = fields.Many2one({ relation: "res.currency" });
    approved_qty = fields.Float();
    amount = fields.Float();

    _records = [
        { id: 1, proposal_id: 1, vendor_name: "Wood Corner", kind: "purchase", amount: 600 },
        { id: 2, proposal_id: 1, vendor_name: "Wood Corner", kind: "purchase", amount: 15.6 },
        {
            id: 3,
            proposal_id: 2,
            vendor_name: "Gemini",
            kind: "purchase",
            is_waiting: true,
            amount: 20,
        },
    ];
}

/** Two proposals, the second of which waits for the vendor. */
export function defineProposals() {
    defineModels([Proposal, ProposalLine]);
}

export const FIELDS = `
    <field name="proposal_id" column_invisible="1"/>
    <field name="vendor_name" column_invisible="1"/>
    <field name="kind" column_invisible="1"/>
    <field name="is_waiting" column_invisible="1"/>
    <field name="date_expiry" column_invisible="1"/>
    <field name="currency_id" column_invisible="1"/>
    <field name="amount" column_invisible="1"/>`;
