from odoo import fields, models


class VendorScorecardCriterionBand(models.Model):
    """From a figure on, how many points a criterion gives."""

    _name = "vendor.scorecard.criterion.band"
    _description = "Band of a Vendor Scorecard Criterion"
    _order = "criterion_id, threshold"
    _rec_name = "threshold"

    criterion_id = fields.Many2one(
        "vendor.scorecard.criterion", required=True, ondelete="cascade", index=True
    )
    unit = fields.Selection(related="criterion_id.unit")
    threshold = fields.Float("From Figure", digits=(16, 4), required=True, aggregator=None)
    points = fields.Float(
        digits=(5, 2), required=True, help="Points from 0 to 100.", aggregator=None
    )

    _points_range = models.Constraint(
        "CHECK (points >= 0 AND points <= 100)",
        "The Points of a band must be between 0 and 100.",
    )
    _threshold_unique = models.Constraint(
        "UNIQUE (criterion_id, threshold)",
        "Two bands of a criterion cannot have the same From Figure.",
    )
