from odoo import fields, models


class VmiVendorAccess(models.Model):
    _inherit = "vmi.vendor.access"

    can_quote = fields.Boolean(
        "Enter Prices",
        default=True,
        tracking=True,
        help="Upload price lists, and see what the vendor's own prices are.",
    )
