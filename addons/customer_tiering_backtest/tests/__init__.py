from . import test_backtest, test_large_amounts, test_tools
