from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class StockPicking(models.Model):
    _inherit = "stock.picking"

    customer_tier_id = fields.Many2one(
        related="partner_id.customer_tier_id", string="Customer Tier", groups=TIERING_GROUP
    )
