from datetime import timedelta
from math import ceil

from odoo import api, fields, models
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.models import parse_read_group_spec

from ..engine import FIGURES, group_figure
from .vmi_forecast_challenger import FORECAST_METHODS

# The classes by how often something is wanted and how much the quantity varies.
DEMAND_CLASSES = [
    ("smooth", "Smooth"),
    ("erratic", "Erratic"),
    ("intermittent", "Intermittent"),
    ("lumpy", "Lumpy"),
    ("new", "New"),
]
# Older ones say nothing any more.
KEPT_DAYS = 730
# So many are removed at a time.
REMOVED_AT_ONCE = 100_000


class VmiForecast(models.Model):
    """What was forecast of a line on a review day, and what came of it once the time was over.

    Beside it stands what the daily demand of the demand period would have said, with the normal
    distribution, on the same day. Rows are few columns wide, for there is one a line and review
    day; the errors of a group are reckoned from its sums.
    """

    _name = "vmi.forecast"
    _description = "Forecast"
    _rec_name = "line_id"
    _order = "date desc, line_id, id"
    _log_access = False

    line_id = fields.Many2one(
        "vmi.agreement.line", "Agreed Terms", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    agreement_id = fields.Many2one(related="line_id.agreement_id")
    product_id = fields.Many2one(related="line_id.product_id")
    partner_id = fields.Many2one(related="line_id.partner_id", string="Vendor")
    location_id = fields.Many2one(related="line_id.location_id", string="Location")
    categ_id = fields.Many2one(related="line_id.product_id.categ_id", string="Category")
    date = fields.Date("Made On", required=True, readonly=True)
    date_end = fields.Date("Until", compute="_compute_date_end")
    period_days = fields.Float(
        "Days",
        readonly=True,
        aggregator="avg",
        help="Lead time and time between reviews when it was made.",
    )
    target = fields.Float(
        "Service Target", readonly=True, aggregator="avg", help="Share of cycles to be covered."
    )
    demand_class = fields.Selection(DEMAND_CLASSES, readonly=True)
    forecast_method = fields.Selection(
        FORECAST_METHODS,
        "Made By",
        readonly=True,
        help="The method that made the forecast. Empty: the daily demand, for want of weeks.",
    )
    challenger_ids = fields.One2many(
        "vmi.forecast.challenger", "forecast_id", "By Each Method", readonly=True
    )
    forecast_qty = fields.Float("Forecast", digits="Product Unit", readonly=True)
    quantile_qty = fields.Float(
        "Covering Quantity",
        digits="Product Unit",
        readonly=True,
        help="What was to be enough in the target's share of cycles: the minimum.",
    )
    usual_qty = fields.Float(
        "By Daily Demand",
        digits="Product Unit",
        readonly=True,
        help="What the daily demand of the agreement's demand period would have said.",
    )
    usual_quantile_qty = fields.Float(
        "Covering Quantity by Daily Demand",
        digits="Product Unit",
        readonly=True,
        help="What a service level of the same target would have kept.",
    )
    actual_qty = fields.Float(
        "Actual", digits="Product Unit", readonly=True, help="What was wanted in these days."
    )
    is_compared = fields.Boolean(
        "Over", readonly=True, help="Its days are over, and what was wanted is known."
    )
    was_out = fields.Boolean(
        "Was Out of Stock",
        readonly=True,
        help="Stock ran out meanwhile: more may have been wanted than was sold.",
    )
    error_rate = fields.Float(
        "Error (WAPE)",
        compute="_compute_errors",
        aggregator="avg",
        help="The sum of what each forecast was off by, as a share of what was wanted. Compare "
        "methods by the pinball loss: among empty weeks this favours forecasts of 0.",
    )
    bias = fields.Float(
        compute="_compute_errors",
        aggregator="avg",
        help="How much too high, or below 0 too low, forecasts were, as a share of what was "
        "wanted.",
    )
    pinball_loss = fields.Float(
        compute="_compute_errors",
        aggregator="avg",
        help="Mean cost of the covering quantity: a unit that is missing costs the target, one "
        "too much the rest of 1. Less is better.",
    )
    coverage = fields.Float(
        compute="_compute_errors",
        aggregator="avg",
        help="Share of forecasts whose covering quantity was enough. It should be the target.",
    )
    usual_error_rate = fields.Float(
        "Error by Daily Demand", compute="_compute_errors", aggregator="avg"
    )
    usual_bias = fields.Float("Bias by Daily Demand", compute="_compute_errors", aggregator="avg")
    usual_pinball_loss = fields.Float(
        "Pinball Loss by Daily Demand", compute="_compute_errors", aggregator="avg"
    )
    usual_coverage = fields.Float(
        "Coverage by Daily Demand", compute="_compute_errors", aggregator="avg"
    )

    _once_a_day = models.UniqueIndex("(line_id, date)")
    _to_compare = models.Index("(line_id) WHERE NOT is_compared")
    _by_day = models.Index("(company_id, date)")

    @api.depends("date", "period_days")
    def _compute_date_end(self):
        for forecast in self:
            days = max(ceil(forecast.period_days) - 1, 0)
            forecast.date_end = forecast.date and forecast.date + timedelta(days=days)

    @api.depends("is_compared", "actual_qty", "forecast_qty", "quantile_qty", "target")
    def _compute_errors(self):
        for forecast in self:
            for prefix, mean, quantile in (
                ("", forecast.forecast_qty, forecast.quantile_qty),
                ("usual_", forecast.usual_qty, forecast.usual_quantile_qty),
            ):
                figures = dict.fromkeys(("error_rate", "bias", "pinball_loss", "coverage"), 0.0)
                if forecast.is_compared:
                    actual, target = forecast.actual_qty, forecast.target
                    missing = actual - quantile
                    figures["pinball_loss"] = max(target * missing, (target - 1) * missing)
                    figures["coverage"] = float(actual <= quantile)
                    if actual:
                        figures["error_rate"] = abs(mean - actual) / actual
                        figures["bias"] = (mean - actual) / actual
                for name, value in figures.items():
                    forecast[f"{prefix}{name}"] = value

    @api.depends("line_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for forecast in self:
            forecast.display_name = self.env._(
                "%(product)s, %(day)s",
                product=forecast.line_id.display_name,
                day=format_full_day(self.env, forecast.date),
            )

    def _read_group_select(self, aggregate_spec, query):
        if aggregate_spec != "__count":
            name, _property, function = parse_read_group_spec(aggregate_spec)
            if name in FIGURES and function == "avg":
                self._check_field_access(self._fields[name], "read")
                return group_figure(self._table, name)
        return super()._read_group_select(aggregate_spec, query)

    @api.autovacuum
    def _gc_old(self):
        """Remove the forecasts that are too old to say anything."""
        oldest = fields.Date.today() - timedelta(days=KEPT_DAYS)
        old = self.sudo().search([("date", "<", oldest)], limit=REMOVED_AT_ONCE)
        old.unlink()
        return len(old), len(old) == REMOVED_AT_ONCE
