from odoo import models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    def _are_in_use(self):
        notices = self.env["customer.tier.notice"].sudo()
        return super()._are_in_use() or bool(
            notices.search_count([("tier_id", "in", self.ids)], limit=1)
        )
