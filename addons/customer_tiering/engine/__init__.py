from .apply import claim_standings, write_overrides
from .overrides import unsettled_overrides
from .run import Run
from .scope import Counted, Money, Scope
