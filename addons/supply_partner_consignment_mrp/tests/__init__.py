from . import test_components
