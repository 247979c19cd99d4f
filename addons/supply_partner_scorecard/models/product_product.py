from odoo import models


class ProductProduct(models.Model):
    """A product; what is replenished without a vendor's name comes from none that is blocked."""

    _inherit = "product.product"

    def _get_filtered_sellers(
        self, partner_id=False, quantity=0.0, date=None, uom_id=False, params=False
    ):
        sellers = super()._get_filtered_sellers(
            partner_id=partner_id, quantity=quantity, date=date, uom_id=uom_id, params=params
        )
        # A buyer who names a vendor gets that one's price, and meets the gate when confirming.
        return sellers if partner_id else sellers._without_blocked(self.env.company)
