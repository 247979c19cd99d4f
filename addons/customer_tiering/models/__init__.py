from . import (
    customer_standing,
    customer_standing_change,
    customer_tier,
    customer_tier_criterion,
    customer_tier_criterion_band,
    customer_tier_evaluation,
    customer_tier_migration,
    customer_tier_policy,
    customer_tier_policy_run,
    ir_module_module,
    res_company,
    res_partner,
)
