from odoo import fields, models
from odoo.addons.customer_tiering.metrics import made_for
from odoo.addons.customer_tiering.models.res_partner import TIERING_GROUP
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools.answers import ANSWERED_LINES, STARS
from ..tools.competitors import COMPETITORS_NAMED, distinct_names

ROLES = ("importance", "performance", "expectation", "perception", "competitor_performance")


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
            "value_char_box",
            "suggested_answer_id",
        ],
        "survey.question": [
            "question_type",
            "scale_min",
            "scale_max",
            "satisfaction_aspect_id",
            "satisfaction_role",
            "comment_count_as_answer",
        ],
        "survey.question.answer": ["value"],
        "customer.competitor": ["name", "spellings"],
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

    competitor_id = fields.Many2one("customer.competitor", readonly=True)
    competitor_name = fields.Char(
        "Competitor as Written", readonly=True, help="What the customer wrote."
    )
    competitor_performance = fields.Float(
        "Competitor's Performance", digits=(3, 2), readonly=True, aggregator="avg"
    )
    competitive_gap = fields.Float(
        "Gap to Competitor",
        digits=(3, 2),
        readonly=True,
        aggregator="avg",
        help="Your performance less the competitor's, of answers that gave both: below 0 the "
        "competitor is ahead.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT *,
                   perception - expectation AS gap,
                   performance - competitor_performance AS competitive_gap
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
                           MIN(named.competitor_id) AS competitor_id,
                           MIN(named.name) AS competitor_name,
                           %(figures)s
                      FROM %(lines)s
                 LEFT JOIN res_partner AS partner ON partner.id = %(made_for)s
                 LEFT JOIN (%(named)s) AS named ON named.user_input_id = answer.id
                  GROUP BY answer.id, partner.id, question.satisfaction_aspect_id
                   ) AS answered
            """,
            lines=ANSWERED_LINES,
            made_for=made_for(SQL("answer"), SQL("partner_id")),
            named=COMPETITORS_NAMED,
            figures=SQL(", ").join(
                SQL(
                    "AVG(%s) FILTER (WHERE question.satisfaction_role = %s) AS %s",
                    STARS,
                    role,
                    SQL.identifier(role),
                )
                for role in ROLES
            ),
        )

    def action_add_competitor(self):
        """Enter the competitors that the answers name and that are not known yet.

        Ways to write a name that differ by capital letters or spaces alone are one competitor.
        """
        self.check_access("read")
        competitors = self.env["customer.competitor"]
        competitors.check_access("create")
        unknown = self.filtered(lambda row: row.competitor_name and not row.competitor_id)
        if not unknown:
            raise UserError(
                self.env._("Select answers that name a competitor who is not recognized.")
            )
        names = self.env.execute_query(distinct_names(unknown.mapped("competitor_name")))
        added = competitors.create([{"name": name} for (name,) in names])
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Competitors added: %s", ", ".join(added.mapped("name"))),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
