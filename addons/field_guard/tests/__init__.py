from . import test_field_guard
