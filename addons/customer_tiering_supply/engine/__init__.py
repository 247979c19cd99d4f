from .claims import claims_query, is_due, waiting_query
from .mix import line_mix_query, mix_query
from .pools import pools_query
