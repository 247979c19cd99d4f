from . import (
    customer_competitor,
    customer_satisfaction_aspect,
    customer_satisfaction_matrix,
    customer_service_level,
    customer_standing,
    customer_tier_policy,
    survey_question,
    survey_survey,
    survey_user_input,
)
