from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def write(self, vals):
        """Give open follow-ups to the new salesperson."""
        result = super().write(vals)
        if "user_id" in vals:
            self.env["customer.followup"]._hand_over_at_once(partner_ids=self.ids)
        return result
