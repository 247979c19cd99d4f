from . import test_allocation, test_guard, test_query_counts, test_supply_by_tier, test_tools
