from . import (
    test_activity_plans,
    test_anniversaries,
    test_follow_up_days,
    test_follow_ups,
    test_hand_over,
    test_last_contacts,
    test_plan_directions,
    test_preview_followups,
    test_query_counts,
    test_service_level_compliance,
    test_service_levels,
    test_spreading,
)
