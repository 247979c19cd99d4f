from . import test_estimates, test_models
