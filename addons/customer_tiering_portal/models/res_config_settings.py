from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    shows_tier_on_portal = fields.Boolean(
        related="company_id.root_id.shows_tier_on_portal",
        readonly=False,
        groups=TIERING_GROUP,
    )
