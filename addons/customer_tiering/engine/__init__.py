from .run import apply_standings, compute_standings
from .scope import Scope
