from . import (
    test_competitors,
    test_satisfaction_access,
    test_satisfaction_matrix,
    test_survey_answers,
    test_survey_recipients,
    test_survey_rhythm,
)
