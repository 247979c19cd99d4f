from . import test_bundle
