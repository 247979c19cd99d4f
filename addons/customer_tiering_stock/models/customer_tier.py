from odoo import api, models
from odoo.tools import ormcache


class CustomerTier(models.Model):
    _inherit = "customer.tier"

    @api.model_create_multi
    def create(self, vals_list):
        tiers = super().create(vals_list)
        if tiers.service_level_id:
            self.env.registry.clear_cache()
        return tiers

    def write(self, vals):
        result = super().write(vals)
        if "service_level_id" in vals:
            self.env.registry.clear_cache()
        return result

    @api.model
    @ormcache()
    def _get_urgent_tier_ids(self):
        """Return the ids of the tiers that promise urgent deliveries, archived ones included.

        Every confirmed order asks, and the answer hardly ever changes.
        """
        tiers = self.sudo().with_context(active_test=False)
        urgent = [("delivery_priority", "=", "1"), ("active", "=", True)]
        return frozenset(tiers._search([("service_level_id", "any", urgent)]))

    def _get_delivery_priority(self):
        """Return the best delivery priority that the tiers promise, ``"0"`` or ``"1"``."""
        return "1" if self._get_urgent_tier_ids().intersection(self.ids) else "0"
