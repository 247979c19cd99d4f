from . import test_estimates, test_models, test_query_counts
