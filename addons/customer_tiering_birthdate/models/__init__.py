from . import customer_followup, customer_tier_policy
