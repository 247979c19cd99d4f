from odoo import models


class StockLocation(models.Model):
    """A location; an agreement replenishes one together with all locations below it."""

    _inherit = "stock.location"

    def _vmi_is_nested(self, other):
        """Return whether one of two locations contains the other, or they are the same."""
        self.ensure_one()
        mine, others = self.parent_path or "", other.parent_path or ""
        return mine.startswith(others) or others.startswith(mine)
