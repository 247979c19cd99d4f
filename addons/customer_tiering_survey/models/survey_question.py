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
            ("competitor", "Competitor's Name"),
            ("competitor_performance", "Competitor's Performance"),
        ],
        help="What the answer measures. Importance and performance place the aspect in the "
        "satisfaction matrix; perception less expectation is its gap. Performance and perception "
        "count for the metric Satisfaction. The competitor's name says whose performance the "
        "questions on the competitor's performance judge.",
    )

    _satisfaction_aspect_has_role = models.Constraint(
        "CHECK (satisfaction_aspect_id IS NULL OR satisfaction_role IS NOT NULL)",
        "A question with a Satisfaction Aspect needs a Satisfaction Role.",
    )
    _satisfaction_on_scale = models.Constraint(
        """CHECK (
            satisfaction_role IS NULL
            OR satisfaction_role = 'competitor'
                AND question_type IN ('char_box', 'simple_choice')
                AND satisfaction_aspect_id IS NULL
            OR satisfaction_role != 'competitor' AND question_type = 'scale'
        )""",
        "A question with a Satisfaction Role is of the type Scale. One for the competitor's name "
        "is a single line of text or a choice of one answer, and has no Satisfaction Aspect.",
    )
