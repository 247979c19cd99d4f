from odoo import fields, models


class VmiVendorAccess(models.Model):
    _inherit = "vmi.vendor.access"

    can_quote = fields.Boolean(
        "Enter Prices",
        default=True,
        tracking=True,
        help="Upload price lists, and see what the vendor's own prices are. Of a user for some "
        "agreements these are the prices of their products, and the lists that the user uploaded.",
    )

    def _get_quoted_product_ids(self):
        """Return the ids of the products whose prices are told and taken; None: of all."""
        if not all(access.agreement_ids for access in self):
            return None
        agreements = self.agreement_ids.filtered(lambda agreement: agreement.state != "draft")
        return set(agreements.line_ids.product_id.ids)
