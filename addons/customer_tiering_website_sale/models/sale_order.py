from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _update_address(self, partner_id, fnames=None):
        """Reprice a cart when the signed-in visitor has another tier discount."""
        discount = self.sudo().quoted_tier_id.discount
        result = super()._update_address(partner_id, fnames)
        if self.sudo().quoted_tier_id.discount != discount:
            self._recompute_prices()
        return result
