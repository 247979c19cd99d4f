from . import basic, invoices, orders, receivables, wallets
from .registry import (
    COLUMNS,
    DOCUMENTS,
    METRICS,
    SOURCES,
    Column,
    Documents,
    Metric,
    Source,
    register,
)
