from odoo import api, fields, models


class VendorAssessmentStep(models.Model):
    """One of the five steps of a criterion: what one finds at a vendor who is there."""

    _name = "vendor.assessment.step"
    _description = "Vendor Assessment Step"
    _order = "criterion_id, value, id"

    criterion_id = fields.Many2one(
        "vendor.assessment.criterion", required=True, ondelete="cascade", index=True
    )
    value = fields.Integer("Step", required=True, aggregator=None)
    name = fields.Char("What One Finds", required=True, translate=True)

    _value_range = models.Constraint(
        "CHECK (value >= 1 AND value <= 5)", "A step is 1, 2, 3, 4 or 5."
    )
    _value_unique = models.Constraint(
        "UNIQUE (criterion_id, value)", "A criterion has each step once."
    )

    @api.depends("value", "name")
    def _compute_display_name(self):
        for step in self:
            step.display_name = f"{step.value} · {step.name}"
