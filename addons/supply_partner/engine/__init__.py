from .alerts import update_alerts
from .apply import add_purchase_lines, add_transfer_lines, apply_findings, proposals_query
from .due import find_hindrances
from .findings import find
from .performance import PerformanceScope, measure
from .ratios import LEVELS, RATIOS, group_value
from .scope import ReviewScope, Rhythm
from .steps import FINDINGS, TRANSFERS
from .transfers import share_surplus
