from . import customer_care, customer_tier_policy
