from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerSatisfactionAspect(models.Model):
    """A subject of satisfaction questions, such as delivery or advice."""

    _name = "customer.satisfaction.aspect"
    _description = "Satisfaction Aspect"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_in_use(self):
        questions = self.env["survey.question"].sudo()
        asked = questions.search([("satisfaction_aspect_id", "in", self.ids)], limit=1)
        if asked:
            raise UserError(
                self.env._(
                    "%(aspect)s is asked about in %(survey)s: archive the aspect instead of "
                    "deleting it.",
                    aspect=asked.satisfaction_aspect_id.name,
                    survey=asked.survey_id.title,
                )
            )
