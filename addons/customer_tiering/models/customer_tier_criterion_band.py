from odoo import fields, models


class CustomerTierCriterionBand(models.Model):
    """From a figure on, how many points a criterion gives."""

    _name = "customer.tier.criterion.band"
    _inherit = ["customer.tier.rules"]
    _description = "Band of a Tiering Criterion"
    _order = "criterion_id, threshold"

    criterion_id = fields.Many2one(
        "customer.tier.criterion", required=True, ondelete="cascade", index=True
    )
    threshold = fields.Float(
        "From Figure",
        digits=(16, 2),
        required=True,
        help="The figure from which on these points are given.",
        aggregator=None,
    )
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
