from odoo import fields, models


class VmiConsignmentDecision(models.TransientModel):
    """Asks why lines of a settlement are disputed or waived."""

    _name = "vmi.consignment.decision"
    _description = "Dispute or Waive"

    line_ids = fields.Many2many("vmi.consignment.settlement.line")
    decision = fields.Selection(
        [("disputed", "Dispute"), ("waived", "Waive")], required=True, default="disputed"
    )
    reason = fields.Char(required=True)

    def action_confirm(self):
        """Dispute or waive the lines."""
        self.ensure_one()
        self.line_ids.settlement_id._check_buyer()
        self.line_ids._decide(self.decision, self.reason)
