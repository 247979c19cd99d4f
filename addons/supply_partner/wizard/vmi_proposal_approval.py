from odoo import api, fields, models


class VmiProposalApproval(models.TransientModel):
    """The limits that proposals exceed, shown before they are approved."""

    _name = "vmi.proposal.approval"
    _description = "Approve Supply Proposals Over the Limits"

    proposal_ids = fields.Many2many(
        "vmi.proposal",
        string="Proposals",
        required=True,
        readonly=True,
        default=lambda self: self._default_proposals(),
    )
    reasons = fields.Text("Over the Limits", compute="_compute_reasons")
    # As they are shown: what is changed elsewhere meanwhile is shown again.
    quantities = fields.Json(default=lambda self: self._default_quantities())

    def _default_proposals(self):
        if self.env.context.get("active_model") != "vmi.proposal":
            return self.env["vmi.proposal"]
        return self.env["vmi.proposal"].browse(self.env.context.get("active_ids"))

    def _default_quantities(self):
        return {
            str(proposal.id): proposal._get_quantities() for proposal in self._default_proposals()
        }

    @api.depends_context("lang")
    @api.depends("proposal_ids")
    def _compute_reasons(self):
        for approval in self:
            approval.reasons = "\n".join(
                f"{proposal.name}: {reason}"
                for proposal in approval.proposal_ids
                for reason in proposal._get_limit_reasons()
            )

    def action_approve(self):
        """Approve the proposals although they exceed limits."""
        self.ensure_one()
        self.proposal_ids.check_access("write")
        # A client may send anything; who was told nothing is told first.
        told = self.quantities if isinstance(self.quantities, dict) else {}
        for proposal in self.proposal_ids:
            proposal.sudo().told_quantities = told.get(str(proposal.id))
        return self.proposal_ids.action_approve() or {"type": "ir.actions.act_window_close"}
