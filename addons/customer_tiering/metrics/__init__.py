from . import basic, invoices, orders, receivables, wallets
from .documents import read_documents
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
