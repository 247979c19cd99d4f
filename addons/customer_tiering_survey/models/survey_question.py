from odoo import fields, models


class SurveyQuestion(models.Model):
    _inherit = "survey.question"

    satisfaction_aspect_id = fields.Many2one(
        "customer.satisfaction.aspect",
        ondelete="set null",
        index="btree_not_null",
        help="What the question asks about, in the analysis of satisfaction. Empty: about no one "
        "aspect, such as satisfaction on the whole.",
    )
    satisfaction_role = fields.Selection(
        [
            ("importance", "Importance"),
            ("performance", "Performance"),
            ("expectation", "Expectation"),
            ("perception", "Perception"),
        ],
        help="What the answer says of the aspect. Importance and performance place it in the "
        "satisfaction matrix; perception less expectation is its gap. Answers on performance and "
        "perception count for the customer's figure Satisfaction.",
    )

    _satisfaction_aspect_has_role = models.Constraint(
        "CHECK (satisfaction_aspect_id IS NULL OR satisfaction_role IS NOT NULL)",
        "A question with a Satisfaction Aspect needs a Satisfaction Role: choose what the answer "
        "says of the aspect.",
    )
    _satisfaction_on_scale = models.Constraint(
        "CHECK (satisfaction_role IS NULL OR question_type = 'scale')",
        "Only questions of the type Scale have a Satisfaction Role: choose that type, or empty "
        "Satisfaction Aspect and Satisfaction Role.",
    )
