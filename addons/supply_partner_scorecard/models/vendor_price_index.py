from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VendorPriceIndex(models.Model):
    """How the market price of something moved, typed by hand or imported.

    Prices of the products that it is about are compared with those of the period before, moved as
    the index moved. Without a company it is everybody's.
    """

    _name = "vendor.price.index"
    _description = "Market Price Index"
    _order = "name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        ondelete="cascade",
        index=True,
        default=lambda self: self.env.company,
        help="Empty: of all companies.",
    )
    source = fields.Char("Published by", help="Where the values come from.")
    category_ids = fields.Many2many(
        "product.category", string="Product Categories", help="And those below them."
    )
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        domain=[("purchase_ok", "=", True)],
        help="A product's own index comes before that of its category.",
    )
    value_ids = fields.One2many("vendor.price.index.value", "index_id", "Values", copy=True)
    last_date = fields.Date(compute="_compute_last")
    last_value = fields.Float(compute="_compute_last", digits=(16, 4))

    @api.depends("value_ids.date", "value_ids.value")
    def _compute_last(self):
        for index in self:
            last = index.value_ids.sorted("date")[-1:]
            index.last_date, index.last_value = last.date, last.value

    @api.constrains("company_id", "product_ids")
    def _check_products(self):
        for index in self.filtered("company_id"):
            others = index.product_ids.sudo().filtered(
                lambda product, index=index: product.company_id not in (
                    index.company_id, self.env["res.company"]
                )
            )  # fmt: skip
            if others:
                raise ValidationError(
                    self.env._(
                        "%(product)s is another company's: take it off Products of %(index)s.",
                        product=others[0].display_name,
                        index=index.name,
                    )
                )

    @api.model
    def get_import_templates(self):
        return [
            {
                "label": self.env._("Template for Market Price Indices with Their Values"),
                "template": "/supply_partner_scorecard/static/csv/vendor_price_index.csv",
            }
        ]
