from . import (
    customer_tier,
    customer_tier_policy,
    pos_config,
    pos_order,
    pos_order_line,
    res_partner,
)
