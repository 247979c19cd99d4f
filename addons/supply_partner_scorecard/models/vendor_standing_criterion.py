from odoo import api, fields, models

from ..measures import MEASURES


class VendorStandingCriterion(models.Model):
    """What a vendor's score is made of: a measure, what it is based on, and its points."""

    _name = "vendor.standing.criterion"
    _description = "Vendor Standing: Measure"
    _order = "standing_id, weight desc, id"
    _rec_name = "measure"
    # A run writes every row.
    _log_access = False

    standing_id = fields.Many2one(
        "vendor.standing", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one(related="standing_id.partner_id", string="Vendor")
    company_id = fields.Many2one(related="standing_id.company_id")
    measure = fields.Char("Code", required=True, readonly=True)
    name = fields.Char("Measure", compute="_compute_name")
    text = fields.Char("Figure", compute="_compute_name")
    interval = fields.Char(compute="_compute_name", help="Nine tenths of what it may really be.")
    value = fields.Float(readonly=True, aggregator="avg")
    base = fields.Integer("Events", readonly=True, help="The events that the figure is made of.")
    low = fields.Float(readonly=True, aggregator=None)
    high = fields.Float(readonly=True, aggregator=None)
    points = fields.Float(readonly=True, aggregator="avg", digits=(5, 2))
    worst_points = fields.Float("Points at Worst", readonly=True, aggregator=None, digits=(5, 2))
    best_points = fields.Float("Points at Best", readonly=True, aggregator=None, digits=(5, 2))
    min_base = fields.Integer("Least Events", readonly=True, aggregator=None)
    weight = fields.Float(readonly=True, aggregator=None, digits=(9, 2))
    is_counted = fields.Boolean("Counts", readonly=True)
    coverage = fields.Float(
        readonly=True, aggregator=None, help="The share of the value that could be compared."
    )

    _measure_unique = models.UniqueIndex("(standing_id, measure)")

    @api.depends("measure", "value", "low", "high")
    @api.depends_context("lang")
    def _compute_name(self):
        for part in self:
            measure = MEASURES.get(part.measure)
            part.name = self.env._(measure.name) if measure else part.measure
            unit = measure.unit if measure else "points"
            part.text = format_figure(self.env, part.value, unit) if part.base else False
            part.interval = (
                f"{format_figure(self.env, part.low, unit)} – "
                f"{format_figure(self.env, part.high, unit)}"
                if part.high
                else False
            )

    @api.depends("measure")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for part in self:
            part.display_name = part.name


def format_figure(env, value, unit):
    """Return a figure as people read it."""
    if value is None:
        return "–"
    if unit == "ratio":
        return f"{100 * value:.1f} %".replace(".0 %", " %")
    if unit == "days":
        days = f"{value:.1f}".removesuffix(".0")
        return env._("1 day") if days == "1" else env._("%s days", days)
    if unit == "index":
        return f"{100 * value:.1f}".removesuffix(".0")
    return f"{value:.1f}".removesuffix(".0")
