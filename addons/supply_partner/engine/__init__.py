from .apply import add_proposal_lines, apply_findings, proposals_query
from .findings import find
from .rehearsal import (
    days_query,
    factors_query,
    forget,
    lines_query,
    rehearse,
    totals_query,
    wanted_query,
)
from .rehearsal_scope import RehearsalScope
from .scope import ReviewScope, Rhythm
from .steps import FINDINGS
