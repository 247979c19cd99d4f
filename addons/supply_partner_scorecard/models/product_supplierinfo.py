from odoo import models


class ProductSupplierinfo(models.Model):
    """A vendor's price."""

    _inherit = "product.supplierinfo"

    def _without_blocked(self, company):
        """Return the prices of vendors who are not blocked in a company."""
        blocked = self.env["vendor.standing"]._get_blocked_ids(company)
        if not blocked:
            return self
        return self.filtered(
            lambda seller: seller.partner_id.commercial_partner_id.id not in blocked
        )
