from odoo import fields, models

# What a person agrees to when writing a price by hand.
PRICE_FIELDS = frozenset(("price", "discount", "currency_id", "product_uom_id"))


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    duty_rate = fields.Float(
        "Duty (%)",
        digits=(16, 2),
        help="In per cent of the price less its discount.",
        aggregator=None,
    )
    freight_cost = fields.Float(
        "Freight per Unit",
        min_display_digits="Product Price",
        help="What bringing one unit in costs, in the price's unit and currency.",
    )
    agreed_price = fields.Float(
        "Last Approved Price",
        readonly=True,
        copy=False,
        min_display_digits="Product Price",
        help="The price less its discount that a person approved last. Small changes that are "
        "taken by themselves may not lead away from it by more than the limit; 0: the price "
        "itself.",
    )

    _duty_is_not_below_0 = models.Constraint(
        "CHECK (duty_rate >= 0 AND freight_cost >= 0)", "Duty and freight are 0 or more."
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.keys() & PRICE_FIELDS and "agreed_price" not in vals:
            self.filtered("agreed_price").sudo().agreed_price = 0.0
        return result
