from . import (
    customer_assignment,
    customer_assignment_workload,
    customer_assignment_manager,
    customer_reassignment,
    customer_tier_overview,
    res_company,
    res_users,
)
