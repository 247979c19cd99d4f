from . import customer_tier_policy
