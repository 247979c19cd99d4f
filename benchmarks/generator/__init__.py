"""Made-up customers and their documents, by the million, straight into Odoo's tables.

For N customers about 8 N orders and quotations, 5.6 N invoices and credit notes, and 16 N
journal items with their reconciliations; the same seed gives the same data, whatever plan
PostgreSQL takes. What no metric reads is left out: order lines, taxes, payment records
beside the journal entries, full reconciliations.
"""

from .fill import LAST_DAY, fill

__all__ = ["LAST_DAY", "fill"]
