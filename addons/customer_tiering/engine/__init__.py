from .apply import apply_locks, apply_standings, claim_standings
from .compute import compute_standings, count_customers, first_document_date, largest_document
from .locks import unsettled_locks
from .preview import preview_standings
from .scope import Money, Scope
