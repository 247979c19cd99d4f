from odoo import models


class VendorCatalogue(models.Model):
    _inherit = "vendor.catalogue"

    def _get_sender_rows(self):
        """Return the rows by which the user who sent the list enters prices of its vendor."""
        self.ensure_one()
        service = self.env["vmi.vendor"].sudo().with_user(self.user_id).sudo()
        return service._get_price_rows(self)
