from odoo import api, fields, models


class VmiAgreementStart(models.TransientModel):
    """What starting an agreement will do, said before it is done."""

    _name = "vmi.agreement.start"
    _description = "Start a Supply Agreement"

    agreement_id = fields.Many2one("vmi.agreement", required=True)
    summary = fields.Text("What Will Happen", compute="_compute_summary")

    @api.depends_context("lang")
    @api.depends("agreement_id")
    def _compute_summary(self):
        for start in self:
            sentences = start.agreement_id._describe_start() if start.agreement_id else []
            start.summary = "\n".join(f"• {sentence}" for sentence in sentences)

    def action_start(self):
        """Start the agreement and review it; return what came of it."""
        self.ensure_one()
        agreement = self.agreement_id
        proposals = agreement._start_and_review()
        following = None
        if self.env.context.get("shows_agreement"):
            following = agreement.get_formview_action()
        return agreement._answer(
            self._describe_started(proposals), links=self._get_links(proposals), following=following
        )

    def _describe_started(self, proposals):
        agreement = self.agreement_id
        if not proposals:
            return self.env._("%s is running; nothing is to be ordered now.", agreement.name)
        # The client fills the places that are left.
        made = ", ".join(f"{proposal.name} · %s" for proposal in proposals)
        return self.env._(
            "%(agreement)s is running; proposed: %(made)s", agreement=agreement.name, made=made
        )

    def _get_links(self, proposals):
        return [
            {"label": self.env._("Open"), "url": f"/odoo/vmi.proposal/{proposal.id}"}
            for proposal in proposals
        ]
