from . import basic, credits, invoices, orders, receivables, wallets, write_offs
from .documents import made_for, read_documents
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
