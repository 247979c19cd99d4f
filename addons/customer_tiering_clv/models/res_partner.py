from odoo import fields, models
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    customer_lifetime_value = fields.Monetary(
        related="customer_standing_id.lifetime_value",
        string="Lifetime Value",
        currency_field="customer_spend_currency_id",
        groups=TIERING_GROUP,
    )
    customer_expected_orders = fields.Float(
        related="customer_standing_id.expected_orders",
        string="Expected Orders",
        digits=(16, 2),
        groups=TIERING_GROUP,
    )
    customer_order_probability = fields.Float(
        related="customer_standing_id.order_probability",
        string="Order Probability",
        groups=TIERING_GROUP,
        aggregator="avg",
    )
    has_customer_lifetime_score = fields.Boolean(
        related="customer_standing_id.has_lifetime_score",
        string="Has Expected Orders",
        groups=TIERING_GROUP,
    )
