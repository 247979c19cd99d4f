from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    vendor_price_tolerance = fields.Float(
        related="company_id.vendor_price_tolerance", readonly=False
    )
