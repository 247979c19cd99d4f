from . import customer_tier, customer_tier_policy, pos_config, pos_order, res_partner
