from . import test_announced
