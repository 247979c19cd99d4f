from odoo import models


class SurveyInvite(models.TransientModel):
    _inherit = "survey.invite"

    def _get_answers_values(self):
        """Let invitations by hand to a satisfaction survey belong to the sender's company."""
        values = super()._get_answers_values()
        if self.survey_id._is_satisfaction_survey():
            values["company_id"] = self.env.company.root_id.id
        return values
