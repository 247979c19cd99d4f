from odoo import api, fields, models

from ..tools.rating import points_of


class VendorSelectionRating(models.Model):
    """A vendor's figure for a criterion, and what it is worth on the criterion's scale."""

    _name = "vendor.selection.rating"
    _description = "Figure of a Vendor"
    _order = "criterion_id, candidate_id"

    candidate_id = fields.Many2one(
        "vendor.selection.candidate", required=True, ondelete="cascade", index=True, readonly=True
    )
    criterion_id = fields.Many2one(
        "vendor.selection.criterion", required=True, ondelete="cascade", index=True, readonly=True
    )
    selection_id = fields.Many2one(
        "vendor.selection", required=True, ondelete="cascade", index=True, readonly=True
    )
    company_id = fields.Many2one(related="selection_id.company_id", store=True, precompute=True)
    partner_id = fields.Many2one(related="candidate_id.partner_id")
    measured_value = fields.Float(
        "Measured",
        readonly=True,
        digits=(16, 2),
        help="What was found when figures were filled.",
        aggregator=None,
    )
    measured_base = fields.Integer(
        "Based On", readonly=True, help="How many deliveries, lines or bids the figure is made of."
    )
    is_measured = fields.Boolean(readonly=True)
    value = fields.Float(
        "Figure",
        digits=(16, 2),
        help="What counts: as measured, or as entered by hand.",
        aggregator=None,
    )
    is_missing = fields.Boolean(
        "Not Known",
        compute="_compute_is_missing",
        store=True,
        readonly=False,
        precompute=True,
        help="Counts as 0 points. Untick it where the figure is really 0.",
    )
    points = fields.Float(
        compute="_compute_points",
        store=True,
        digits=(16, 6),
        help="What the figure is worth, from 0 to 1.",
        aggregator=None,
    )
    note = fields.Char(help="Where the figure comes from, if it was entered by hand.")

    _once = models.Constraint(
        "UNIQUE (candidate_id, criterion_id)", "A vendor has one figure for each criterion."
    )

    @api.depends("value")
    def _compute_is_missing(self):
        for rating in self:
            rating.is_missing = not rating.value and not rating.is_measured

    @api.depends("value", "is_missing", "criterion_id.worst", "criterion_id.best")
    def _compute_points(self):
        for rating in self:
            worst, best = rating.criterion_id.worst, rating.criterion_id.best
            is_rated = not rating.is_missing and worst != best
            rating.points = points_of(rating.value, worst, best) if is_rated else 0

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings.selection_id._check_open()
        return ratings

    def write(self, vals):
        self.exists().selection_id._check_open()
        return super().write(vals)
