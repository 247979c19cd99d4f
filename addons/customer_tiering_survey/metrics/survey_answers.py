from odoo.addons.customer_tiering.metrics import Documents, made_for, register
from odoo.tools import SQL

from ..tools.answers import ANSWERED_LINES, STARS


@register
class SurveyAnswers(Documents):
    """Answers to satisfaction surveys, each as one rating.

    Its stars are the mean over its questions about performance and perception: what is
    important to customers, or what they expect, says nothing of how satisfied they are.
    """

    source = "ratings"
    code = "survey_answers"

    def query(self, scope):
        return SQL(
            """
            SELECT %(partner)s AS partner_id,
                   answer.company_id AS rated_company_id,
                   TRUE AS consumed,
                   AVG(%(stars)s) AS rating,
                   answer.end_datetime AS rated_on,
                   answer.create_date
              FROM %(lines)s
             WHERE question.satisfaction_role IN ('performance', 'perception')
               AND answer.partner_id IS NOT NULL
          GROUP BY answer.id
            """,
            partner=made_for(SQL("answer"), SQL("partner_id")),
            stars=STARS,
            lines=ANSWERED_LINES,
        )
