from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _vmi_is_nested(self, other):
        """Return whether one of two places holds the other, or they are the same."""
        self.ensure_one()
        mine, others = self.parent_path or "", other.parent_path or ""
        return mine.startswith(others) or others.startswith(mine)
