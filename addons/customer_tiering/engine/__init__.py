from .apply import apply_overrides, apply_standings, claim_standings
from .compute import compute_standings, count_customers, first_document_date, largest_document
from .overrides import unsettled_overrides
from .preview import preview_standings
from .scope import Money, Scope
