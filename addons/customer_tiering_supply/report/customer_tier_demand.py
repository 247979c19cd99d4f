from odoo import fields, models
from odoo.tools import SQL

from ..engine import mix_query


class CustomerTierDemand(models.Model):
    """What each tier takes of each product that is sold from a warehouse."""

    _name = "customer.tier.demand"
    _description = "Tier Mix"
    _auto = False
    _rec_name = "product_id"
    _order = "product_id, warehouse_id, share desc, id"

    product_id = fields.Many2one("product.product", readonly=True)
    warehouse_id = fields.Many2one("stock.warehouse", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    tier_id = fields.Many2one(
        "customer.tier", readonly=True, help="Of the customer when the order was confirmed."
    )
    days = fields.Integer(
        "Demand Period",
        readonly=True,
        aggregator=None,
        help="Of the agreement that keeps the product there, else 90 days.",
    )
    quantity = fields.Float(digits="Product Unit", readonly=True, help="Ordered in that time.")
    raw_share = fields.Float(
        "Share as Ordered", readonly=True, aggregator=None, help="Of the product's quantity."
    )
    company_share = fields.Float(
        "Company's Share",
        readonly=True,
        aggregator=None,
        help="The tier's share of all quantities of the company in 90 days.",
    )
    share = fields.Float(
        readonly=True,
        aggregator="avg",
        help="The share drawn towards the company's, as if 10 units more had been sold by that: "
        "of few orders not too much is made.",
    )

    @property
    def _table_query(self):
        # The statement reads orders and agreements alike.
        self.env.flush_all()
        return SQL(
            """
            SELECT ROW_NUMBER() OVER (
                       ORDER BY company_id, warehouse_id, product_id, tier_id)::integer AS id, mix.*
              FROM (%s) AS mix
            """,
            mix_query(self.env.companies.ids, fields.Datetime.now()),
        )
