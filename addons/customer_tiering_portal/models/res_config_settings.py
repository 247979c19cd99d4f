from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shows_tier_on_portal = fields.Boolean(
        related="company_id.root_id.shows_tier_on_portal", readonly=False
    )
