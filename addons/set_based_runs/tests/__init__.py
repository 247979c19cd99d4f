from . import test_large_statements, test_temporary_tables, test_transactions
