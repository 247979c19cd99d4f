from .ledger import (
    INBOUND_REASONS,
    USES,
    kept_prices_statement,
    new_entries_statement,
    reversed_prices_statement,
)
