from .registry import METRICS, SOURCES, Metric, Source, register
from . import orders
from . import invoices
from . import basic
