from . import test_expired_lots
