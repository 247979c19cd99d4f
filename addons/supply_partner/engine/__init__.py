from .forecast_errors import FIGURES, group_figure
from .forecast_methods import class_losses_query
from .glide_path import (
    GlideCycle,
    GlideDecision,
    GlideState,
    GlideTerms,
    decide,
    follow,
    last_step,
    least_units,
    share_at,
)
from .locations import moved_lines_query
from .position import OPEN_STATES
from .review import Review
from .scope import Conditions, ReviewDays, ReviewScope
from .transfers import giving_lines_query
