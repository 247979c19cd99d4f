from odoo import fields, models


class VmiProposalRefusal(models.TransientModel):
    """The reason for which proposals are refused."""

    _name = "vmi.proposal.refusal"
    _description = "Refuse Supply Proposals"

    proposal_ids = fields.Many2many(
        "vmi.proposal",
        string="Proposals",
        required=True,
        default=lambda self: self._default_proposals(),
    )
    reason = fields.Char(
        required=True, help="Why nothing is ordered. It is kept in the history of the proposal."
    )

    def _default_proposals(self):
        if self.env.context.get("active_model") != "vmi.proposal":
            return self.env["vmi.proposal"]
        return self.env["vmi.proposal"].browse(self.env.context.get("active_ids"))

    def action_refuse(self):
        """Refuse the proposals for the reason given."""
        self.ensure_one()
        return self.proposal_ids.action_refuse(self.reason)
