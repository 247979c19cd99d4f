from odoo import models


class PurchaseOrder(models.Model):
    """Alternatives are bids for the same."""

    _inherit = "purchase.order"

    def _get_bids(self):
        """Return the alternatives as well."""
        return super()._get_bids() | self.alternative_po_ids
