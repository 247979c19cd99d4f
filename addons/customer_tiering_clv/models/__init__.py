from . import (
    customer_lifetime_fit,
    customer_standing,
    customer_tier_overview,
    customer_tier_policy,
    res_partner,
)
