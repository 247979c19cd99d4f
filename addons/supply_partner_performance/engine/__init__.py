from .performance import PerformanceScope, measure
from .ratios import LEVELS, RATIOS, group_value
