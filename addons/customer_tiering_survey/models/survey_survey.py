from odoo import api, fields, models
from odoo.tools import SQL

from ..tools.answers import SATISFACTION_SURVEYS


class SurveySurvey(models.Model):
    _inherit = "survey.survey"

    has_satisfaction_aspects = fields.Boolean(compute="_compute_has_satisfaction_aspects")

    @api.depends("question_and_page_ids.satisfaction_aspect_id")
    def _compute_has_satisfaction_aspects(self):
        for survey in self:
            survey.has_satisfaction_aspects = bool(
                survey.question_and_page_ids.satisfaction_aspect_id
            )

    def _is_satisfaction_survey(self):
        """Return whether invitations to the survey count for the rhythm of service levels."""
        self.ensure_one()
        self.env["survey.question"].flush_model(["survey_id", "satisfaction_role"])
        self.env["customer.service.level"].flush_model(["survey_id"])
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT 1 FROM (%s) AS satisfaction WHERE survey_id = %s",
                    SATISFACTION_SURVEYS,
                    self.id,
                )
            )
        )

    def action_view_satisfaction_matrix(self):
        """Open the survey's aspects by importance and performance."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Satisfaction Matrix"),
            "res_model": "customer.satisfaction.matrix",
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _create_answer(
        self,
        user=False,
        partner=False,
        email=False,
        test_entry=False,
        check_attempts=True,
        **additional_vals,
    ):
        """Let answers belong to the company of an invitation, which users do not set themselves."""
        company_id = additional_vals.pop("company_id", False)
        answers = super()._create_answer(
            user=user,
            partner=partner,
            email=email,
            test_entry=test_entry,
            check_attempts=check_attempts,
            **additional_vals,
        )
        if company_id:
            answers.sudo().company_id = company_id
        return answers
