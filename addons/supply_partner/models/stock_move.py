from odoo import models


class StockMove(models.Model):
    """A move; what it brings to a shelf, or takes from it, shows on the board at once."""

    _inherit = "stock.move"

    def _action_done(self, cancel_backorder=False):
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        if done := moves.filtered(lambda move: move.state == "done"):
            self.env["vmi.agreement.line"].sudo()._measure_moved(done)
        return moves
