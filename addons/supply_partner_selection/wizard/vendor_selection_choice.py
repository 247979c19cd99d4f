from odoo import api, fields, models
from odoo.exceptions import UserError


class VendorSelectionChoice(models.TransientModel):
    """Which vendor is chosen, and why."""

    _name = "vendor.selection.choice"
    _description = "Choose a Vendor"

    selection_id = fields.Many2one("vendor.selection", required=True, ondelete="cascade")
    candidate_id = fields.Many2one(
        "vendor.selection.candidate",
        "Vendor",
        required=True,
        ondelete="cascade",
        domain="[('selection_id', '=', selection_id)]",
    )
    score = fields.Float(related="candidate_id.score")
    rank = fields.Integer(related="candidate_id.rank")
    concerns = fields.Text(related="selection_id.concerns")
    needs_reason = fields.Boolean(compute="_compute_needs_reason")
    reason = fields.Char(help="Why this vendor. It is kept with the selection.")

    @api.depends("candidate_id")
    def _compute_needs_reason(self):
        for choice in self:
            choice.needs_reason = bool(choice.candidate_id) and choice.selection_id._needs_reason(
                choice.candidate_id
            )

    def action_choose(self):
        """Choose the vendor, for the reason given."""
        self.ensure_one()
        if self.candidate_id.selection_id != self.selection_id:
            raise UserError(self.env._("Choose one of the candidates of the selection."))
        self.selection_id._choose(self.candidate_id, self.reason)
        return {"type": "ir.actions.act_window_close"}
