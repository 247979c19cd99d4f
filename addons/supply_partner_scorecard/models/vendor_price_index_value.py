from odoo import fields, models


class VendorPriceIndexValue(models.Model):
    """What a market price index is from a day on, until its next value."""

    _name = "vendor.price.index.value"
    _description = "Value of a Market Price Index"
    _order = "index_id, date desc, id desc"
    _rec_name = "date"

    index_id = fields.Many2one("vendor.price.index", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="index_id.company_id")
    date = fields.Date("From", required=True, default=fields.Date.context_today)
    value = fields.Float(required=True, digits=(16, 4), aggregator=None)

    _one_a_day = models.UniqueIndex(
        "(index_id, date)", "A market price index has one value from a day on."
    )
    _positive = models.Constraint(
        "CHECK (value > 0)", "Values of a market price index are above 0."
    )
