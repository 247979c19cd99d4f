from . import basic, invoices, orders
from .registry import METRICS, SOURCES, Metric, Source, register
