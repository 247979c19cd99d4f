"""Answers to the questions that have a role in the analysis of satisfaction, as SQL."""

from odoo.tools import SQL

# A joined table: the answered lines of completed answers. Trials of a survey do not count.
ANSWERED_LINES = SQL(
    """
    survey_user_input_line AS line
      JOIN survey_user_input AS answer
        ON answer.id = line.user_input_id
       AND answer.state = 'done'
       AND answer.test_entry IS NOT TRUE
      JOIN survey_question AS question
        ON question.id = line.question_id
       AND question.question_type = 'scale'
       AND question.satisfaction_role IS NOT NULL
       AND line.answer_type = 'scale'
       AND line.skipped IS NOT TRUE
    """
)

# From 1, the scale's lowest value, to 5, its highest, in equal steps. A scale that was
# shortened after the answer has its ends for what lies beyond them.
STARS = SQL(
    """
    LEAST(5, GREATEST(1,
        1 + 4 * (line.value_scale - question.scale_min)::numeric
              / (question.scale_max - question.scale_min)
    ))
    """
)

# Surveys that ask for satisfaction: by their questions, or because a service level sends them.
SATISFACTION_SURVEYS = SQL(
    """
    SELECT survey_id FROM survey_question WHERE satisfaction_role IS NOT NULL
     UNION
    SELECT survey_id FROM customer_service_level WHERE survey_id IS NOT NULL
    """
)
