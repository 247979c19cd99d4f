from odoo import api, fields, models
from odoo.exceptions import ValidationError

STEPS = 5


class VendorAssessmentCriterion(models.Model):
    """What an assessment looks at, with a description of each of its five steps."""

    _name = "vendor.assessment.criterion"
    _description = "Vendor Assessment Criterion"
    _order = "kind desc, sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [("vendor", "We assess the vendor"), ("us", "The vendor assesses us")],
        required=True,
        default="vendor",
    )
    step_ids = fields.One2many("vendor.assessment.step", "criterion_id", "Steps", copy=True)

    @api.constrains("step_ids")
    def _check_steps(self):
        for criterion in self:
            values = sorted(criterion.step_ids.mapped("value"))
            if values != list(range(1, STEPS + 1)):
                raise ValidationError(
                    self.env._("Describe the steps 1 to 5 of %s, each once.", criterion.name)
                )
