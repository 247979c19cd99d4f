from odoo import models


class VmiProposalLine(models.Model):
    _inherit = "vmi.proposal.line"

    def _describe_other(self):
        if self.other_qty < 0 and self.product_id.use_expiration_date:
            return self.env._("− %s to be removed before new ones come")
        return super()._describe_other()
