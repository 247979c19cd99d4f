from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    satisfaction_aspect_id = fields.Many2one(
        "customer.satisfaction.aspect",
        ondelete="set null",
        index="btree_not_null",
        help="The aspect that the question is about, for the satisfaction analysis. Empty for "
        "questions about no single aspect, such as overall satisfaction.",
    )
    satisfaction_role = fields.Selection(
        [
            ("importance", "Importance"),
            ("performance", "Performance"),
            ("expectation", "Expectation"),
            ("perception", "Perception"),
        ],
        help="What the answer measures. Importance and performance place the aspect in the "
        "satisfaction matrix; perception less expectation is its gap. Performance and perception "
        "count for the metric Satisfaction.",
    )

    _satisfaction_aspect_has_role = models.Constraint(
        "CHECK (satisfaction_aspect_id IS NULL OR satisfaction_role IS NOT NULL)",
        "A question with a Satisfaction Aspect needs a Satisfaction Role.",
    )
    _satisfaction_on_scale = models.Constraint(
        "CHECK (satisfaction_role IS NULL OR question_type = 'scale')",
        "Only questions of the type Scale can have a Satisfaction Role.",
    )
