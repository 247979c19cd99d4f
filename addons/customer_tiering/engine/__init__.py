from .run import apply_standings, compute_scores
from .scope import Scope
