from . import (
    customer_tier_backtest,
    customer_tier_backtest_line,
    customer_tier_backtest_migration,
    customer_tier_overview,
    customer_tier_policy,
)
