from . import test_temporary_tables, test_transactions
