from . import test_points_factor, test_tier_programs
