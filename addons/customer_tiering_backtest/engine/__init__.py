from .backtest import Backtest
from .concentration import revenue_concentration
