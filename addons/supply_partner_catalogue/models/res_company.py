from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    vendor_price_tolerance = fields.Float(
        "Limit for Vendors' Prices (%)",
        default=5.0,
        digits=(16, 2),
        groups="base.group_user",
        help="A price of a vendor's list that is above or below the current one by no more than "
        "so many per cent is taken by itself; 0: every change is approved.",
    )

    _vendor_price_tolerance_is_a_share = models.Constraint(
        "CHECK (vendor_price_tolerance >= 0 AND vendor_price_tolerance <= 100)",
        "The limit for vendors' prices is from 0 to 100 %.",
    )
