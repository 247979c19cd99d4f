from odoo import fields, models

from ..models.res_partner import TIERING_GROUP


class SaleReport(models.Model):
    _inherit = "sale.report"

    customer_tier_id = fields.Many2one(
        "customer.tier",
        readonly=True,
        groups=TIERING_GROUP,
        help="The customer's tier when the order was confirmed.",
    )

    def _select_additional_fields(self):
        return {**super()._select_additional_fields(), "customer_tier_id": "s.customer_tier_id"}

    def _group_by_sale(self):
        return f"{super()._group_by_sale()}, s.customer_tier_id"
