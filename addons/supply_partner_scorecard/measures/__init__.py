from . import (
    assessments,
    bills,
    deliveries,
    lead_times,
    market_prices,
    ours,
    prices,
    quality,
    requests,
)
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
