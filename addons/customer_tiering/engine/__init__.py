from .run import apply_standings, compute_standings, preview_standings
from .scope import Scope
