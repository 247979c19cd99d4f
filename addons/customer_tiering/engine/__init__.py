from .scope import Scope
from .run import apply_standings, compute_scores
