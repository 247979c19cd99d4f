from . import test_stakes
