from . import test_backtest, test_large_amounts, test_query_counts, test_tools
