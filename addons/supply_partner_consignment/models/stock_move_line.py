from odoo import models


class StockMoveLine(models.Model):
    """A part of a move; when its owner is changed afterwards, the move's value follows."""

    _inherit = "stock.move.line"

    def write(self, vals):
        done = self.browse()
        if "owner_id" in vals:
            done = self.filtered(
                lambda line: line.state == "done" and line.owner_id.id != vals["owner_id"]
            )
        result = super().write(vals)
        done.move_id._follow_owners()
        return result
