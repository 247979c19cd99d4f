from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class ResCompany(models.Model):
    _inherit = "res.company"

    shows_tier_on_portal = fields.Boolean(
        "Tier on the Portal",
        groups=TIERING_GROUP,
        help="Customers see their own tier on the portal, what it gives, what keeps it and what "
        "lifts it. They do not see scores, tolerance, overrides or margins.",
    )
