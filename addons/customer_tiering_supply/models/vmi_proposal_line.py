from odoo import models


class VmiProposalLine(models.Model):
    _inherit = "vmi.proposal.line"

    def _explain(self):
        text = super()._explain()
        line = self.line_id
        if line.method == "service_level" and line.target_from != "typed":
            text += self.env._(
                "; %(target)s %% service, %(origin)s",
                target=self._format_quantity(100 * line.service_target),
                origin=line._describe_target(),
            )
        return text
