from .apply import add_proposal_lines, apply_findings, proposals_query
from .findings import find
from .scope import ReviewScope, Rhythm
from .steps import FINDINGS
