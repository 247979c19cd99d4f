from .apply import add_proposal_lines, apply_findings, proposals_query
from .findings import find
from .performance import PerformanceScope, measure
from .ratios import LEVELS, RATIOS, group_value
from .scope import ReviewScope, Rhythm
from .steps import FINDINGS
