from . import basic, invoices, orders, receivables, wallets
from .registry import COLUMNS, METRICS, SOURCES, Column, Metric, Source, register
