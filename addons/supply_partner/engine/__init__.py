from .alerts import update_alerts
from .apply import add_purchase_lines, add_transfer_lines, apply_findings, proposals_query
from .due import find_hindrances
from .findings import find
from .simulation import (
    days_query,
    factors_query,
    forget,
    lines_query,
    simulate,
    totals_query,
    wanted_query,
)
from .simulation_scope import SimulationScope
from .scope import ReviewScope, Rhythm
from .steps import FINDINGS, TRANSFERS
from .transfers import share_surplus
