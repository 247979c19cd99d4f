from . import basic, invoices, orders, receivables, wallets
from .registry import METRICS, SOURCES, Metric, Source, register
