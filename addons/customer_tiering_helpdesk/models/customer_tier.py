from odoo import models


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    def _are_in_use(self):
        tickets = self.env["helpdesk.ticket"].sudo().with_context(active_test=False)
        return super()._are_in_use() or bool(
            tickets.search_count([("customer_tier_id", "in", self.ids)], limit=1)
        )
