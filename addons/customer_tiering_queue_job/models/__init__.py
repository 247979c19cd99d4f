from . import customer_standing_change, customer_tier_policy
