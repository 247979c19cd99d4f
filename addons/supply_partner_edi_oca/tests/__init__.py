from . import test_exchange_records
