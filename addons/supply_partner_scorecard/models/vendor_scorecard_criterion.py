from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..measures import MEASURES, available_measures
from ..tools.score import Criterion


class VendorScorecardCriterion(models.Model):
    """A weighted measure of a scorecard, and how its figure becomes points."""

    _name = "vendor.scorecard.criterion"
    _description = "Vendor Scorecard Criterion"
    _order = "scorecard_id, sequence, id"
    _rec_name = "measure"

    scorecard_id = fields.Many2one(
        "vendor.scorecard", required=True, ondelete="cascade", index=True
    )
    company_id = fields.Many2one(related="scorecard_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    measure = fields.Selection("_selection_measure", required=True, help="The figure scored.")
    unit = fields.Selection(
        [("ratio", "%"), ("days", "Days"), ("index", "Index"), ("points", "Points")],
        compute="_compute_unit",
    )
    weight = fields.Float(default=10, digits=(9, 2), help="Relative weight in the score.")
    scale = fields.Selection(
        [("linear", "Linear between two figures"), ("bands", "By bands")],
        default="linear",
        required=True,
        help="How the figure becomes points from 0 to 100.",
    )
    floor = fields.Float(
        "0 Points at",
        digits=(16, 4),
        help="The figure that scores 0 points. If it is above the other one, less is better.",
    )
    cap = fields.Float(
        "100 Points at", digits=(16, 4), default=1, help="The figure that scores 100 points."
    )
    missing = fields.Selection(
        [("ignore", "Leave out"), ("zero", "0 points")],
        "If Missing",
        default="ignore",
        required=True,
        help="How a vendor without the figure is scored.",
    )
    min_base = fields.Integer(
        "Least Events",
        default=5,
        help="Under so many deliveries (orders due on a day), RFQs, bills or assessments the "
        "figure is shown and does not count.",
    )
    band_ids = fields.One2many(
        "vendor.scorecard.criterion.band", "criterion_id", "Bands of Points", copy=True
    )

    _weight_not_negative = models.Constraint(
        "CHECK (weight >= 0 AND min_base >= 0)",
        "The Weight and the Least Events of a criterion cannot be negative.",
    )
    _measure_unique = models.Constraint(
        "UNIQUE (scorecard_id, measure)", "A scorecard uses a measure only once."
    )

    @api.model
    def _selection_measure(self):
        """Return the measures offered, and those of criteria whose add-on is gone."""
        offered = self.env["vendor.scorecard"]._selection_measure()
        rows = self.env.execute_query(
            SQL("SELECT DISTINCT measure FROM vendor_scorecard_criterion")
        )
        gone = sorted({code for (code,) in rows} - {code for code, _name in offered})
        return offered + [(code, self.env._("%s (not available)", code)) for code in gone]

    @api.depends("measure")
    def _compute_unit(self):
        for criterion in self:
            measure = MEASURES.get(criterion.measure)
            criterion.unit = measure.unit if measure else False

    @api.onchange("measure")
    def _onchange_measure(self):
        measure = MEASURES.get(self.measure)
        if measure and measure.unit == "ratio":
            self.floor, self.cap = (0.5, 1) if measure.higher_is_better else (0.1, 0)

    @api.constrains("scale", "floor", "cap", "band_ids")
    def _check_scale(self):
        for criterion in self:
            if criterion.scale == "linear" and criterion.floor == criterion.cap:
                raise ValidationError(
                    self.env._(
                        "%s: the figures for 0 and for 100 points cannot be the same.",
                        criterion.display_name,
                    )
                )
            if criterion.scale == "bands" and not criterion.band_ids:
                raise ValidationError(
                    self.env._("Add at least one band to %s.", criterion.display_name)
                )

    @api.depends("measure")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._selection_measure())
        for criterion in self:
            criterion.display_name = labels.get(criterion.measure, criterion.measure)

    def _prepare_rule(self):
        """Return the criterion as plain values."""
        self.ensure_one()
        is_there = self.measure in available_measures(self.env)
        return Criterion(
            measure=self.measure,
            # What is not measured any more is left out, not missing.
            weight=self.weight if is_there else 0.0,
            scale=self.scale,
            floor=self.floor,
            cap=self.cap,
            bands=tuple((band.threshold, band.points) for band in self.band_ids),
            missing=self.missing,
            min_base=self.min_base,
        )
