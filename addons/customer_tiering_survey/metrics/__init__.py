from . import survey_answers
