from . import deliveries, lead_times
from .registry import (
    MEASURES,
    SOURCES,
    Measure,
    Source,
    available_measures,
    available_sources,
    read_figures,
    register,
)
