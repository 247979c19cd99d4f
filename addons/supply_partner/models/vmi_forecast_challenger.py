from odoo import fields, models

# What the methods are called; what they mean is in ``tools/forecast_methods.py``.
FORECAST_METHODS = [
    ("ses", "Exponential smoothing (10 %)"),
    ("mean", "Mean of 13 weeks"),
    ("fast", "Exponential smoothing (20 %)"),
    ("sba", "Syntetos–Boylan (SBA)"),
    ("tsb", "Teunter–Syntetos–Babai (TSB)"),
]


class VmiForecastChallenger(models.Model):
    """What one of the methods forecast beside a forecast, and what its quantity cost.

    Once a week each method makes the forecast of a line, of at most 1,000 lines of a class of
    demand with a review. They are compared by the pinball loss at the target, and the best may
    become the champion of the class.
    """

    _name = "vmi.forecast.challenger"
    _description = "Forecast by Each Method"
    _rec_name = "forecast_id"
    _order = "forecast_id desc, id"
    _log_access = False

    forecast_id = fields.Many2one(
        "vmi.forecast", "Made With", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    method = fields.Selection(FORECAST_METHODS, required=True, readonly=True)
    line_id = fields.Many2one(related="forecast_id.line_id")
    agreement_id = fields.Many2one(related="forecast_id.line_id.agreement_id")
    product_id = fields.Many2one(related="forecast_id.line_id.product_id")
    partner_id = fields.Many2one(related="forecast_id.line_id.partner_id", string="Vendor")
    date = fields.Date(related="forecast_id.date")
    demand_class = fields.Selection(related="forecast_id.demand_class")
    actual_qty = fields.Float(related="forecast_id.actual_qty")
    is_compared = fields.Boolean(related="forecast_id.is_compared")
    forecast_qty = fields.Float("Forecast", digits="Product Unit", readonly=True)
    quantile_qty = fields.Float(
        "Covering Quantity",
        digits="Product Unit",
        readonly=True,
        help="What was to be enough in the target's share of cycles.",
    )
    pinball_loss = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Mean cost of the covering quantity: a unit that is missing costs the target, one "
        "too much the rest of 1. Less is better.",
    )

    _one_per_method = models.UniqueIndex("(forecast_id, method)")
    _to_compare = models.Index("(company_id) WHERE pinball_loss IS NULL")
