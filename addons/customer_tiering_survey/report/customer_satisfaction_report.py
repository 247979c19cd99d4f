from odoo import fields, models
from odoo.addons.customer_tiering.metrics import made_for
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.tools import SQL

from ..tools.answers import ANSWERED_LINES, STARS


class CustomerSatisfactionReport(models.Model):
    """What a customer answered about an aspect, from 1 to 5: a row per answer and aspect."""

    _name = "customer.satisfaction.report"
    _description = "Satisfaction Analysis"
    _auto = False
    _rec_name = "aspect_id"
    _order = "date desc, id desc"
    _depends = {
        "survey.user_input": [
            "state",
            "test_entry",
            "survey_id",
            "partner_id",
            "made_for_id",
            "company_id",
            "customer_tier_id",
            "end_datetime",
        ],
        "survey.user_input.line": [
            "user_input_id",
            "question_id",
            "answer_type",
            "skipped",
            "value_scale",
        ],
        "survey.question": [
            "question_type",
            "scale_min",
            "scale_max",
            "satisfaction_aspect_id",
            "satisfaction_role",
        ],
        "res.partner": ["commercial_partner_id"],
    }

    survey_id = fields.Many2one("survey.survey", readonly=True)
    user_input_id = fields.Many2one("survey.user_input", "Answer", readonly=True)
    aspect_id = fields.Many2one("customer.satisfaction.aspect", readonly=True)
    partner_id = fields.Many2one("res.partner", "Contact", readonly=True)
    customer_id = fields.Many2one("res.partner", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    customer_tier_id = fields.Many2one(
        "customer.tier",
        "Tier",
        readonly=True,
        groups=TIERING_GROUP,
        help="The customer's tier when the invitation was sent.",
    )
    date = fields.Datetime("Answered On", readonly=True)
    importance = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    performance = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    expectation = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    perception = fields.Float(digits=(3, 2), readonly=True, aggregator="avg")
    gap = fields.Float(
        digits=(3, 2),
        readonly=True,
        aggregator="avg",
        help="Perception less expectation, of answers that gave both: below 0 the customer got "
        "less than expected.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *, perception - expectation AS gap
              FROM (
                    SELECT MIN(line.id) AS id,
                           answer.id AS user_input_id,
                           answer.survey_id,
                           answer.partner_id,
                           partner.commercial_partner_id AS customer_id,
                           answer.company_id,
                           answer.customer_tier_id,
                           answer.end_datetime AS date,
                           question.satisfaction_aspect_id AS aspect_id,
                           %(importance)s AS importance,
                           %(performance)s AS performance,
                           %(expectation)s AS expectation,
                           %(perception)s AS perception
                      FROM %(lines)s
                 LEFT JOIN res_partner AS partner ON partner.id = %(made_for)s
                  GROUP BY answer.id, partner.id, question.satisfaction_aspect_id
                   ) AS answered
            """,
            lines=ANSWERED_LINES,
            made_for=made_for(SQL("answer"), SQL("partner_id")),
            **{
                role: SQL("AVG(%s) FILTER (WHERE question.satisfaction_role = %s)", STARS, role)
                for role in ("importance", "performance", "expectation", "perception")
            },
        )
