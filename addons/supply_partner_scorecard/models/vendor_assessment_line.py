from odoo import api, fields, models
from odoo.exceptions import ValidationError


class VendorAssessmentLine(models.Model):
    """The step that was found for a criterion, and what shows it."""

    _name = "vendor.assessment.line"
    _description = "Vendor Assessment Line"
    _order = "assessment_id desc, criterion_id, id"
    _rec_name = "criterion_id"

    assessment_id = fields.Many2one(
        "vendor.assessment", required=True, ondelete="cascade", index=True
    )
    criterion_id = fields.Many2one(
        "vendor.assessment.criterion", required=True, ondelete="restrict"
    )
    step_id = fields.Many2one(
        "vendor.assessment.step",
        ondelete="restrict",
        domain="[('criterion_id', '=', criterion_id)]",
    )
    value = fields.Integer(related="step_id.value", string="Step Number")
    evidence = fields.Char(help="What was seen: a document, a figure, a visit.")

    _criterion_unique = models.Constraint(
        "UNIQUE (assessment_id, criterion_id)", "An assessment has each criterion once."
    )

    @api.constrains("step_id", "criterion_id")
    def _check_step(self):
        for line in self:
            if line.step_id and line.step_id.criterion_id != line.criterion_id:
                raise ValidationError(self.env._("Choose a step of %s.", line.criterion_id.name))

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines.assessment_id._check_open()
        return lines

    def write(self, vals):
        self.assessment_id._check_open()
        result = super().write(vals)
        # It may have been moved to another one.
        self.assessment_id._check_open()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_if_open(self):
        self.assessment_id._check_open()
