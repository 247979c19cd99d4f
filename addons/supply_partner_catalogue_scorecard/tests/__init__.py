from . import test_measured_offers
