from . import customer_allocation, customer_tier_demand
