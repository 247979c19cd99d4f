from . import test_allocation, test_supply_by_tier, test_tools
