from odoo import models


class PosOrderLine(models.Model):
    _inherit = "pos.order.line"

    def _find_sold_move_lines(self):
        """Return what was delivered of the orders that are refunded here."""
        orders = self.refunded_orderline_id.order_id
        pickings = orders.picking_ids
        # Where stock is taken when a session closes, its transfers are for all its orders.
        pickings |= self.env["stock.picking"].search(
            [
                (
                    "pos_session_id",
                    "in",
                    orders.filtered(lambda o: not o.picking_ids).session_id.ids,
                ),
                ("pos_order_id", "=", False),
            ]
        )
        return pickings.move_line_ids.filtered(
            lambda line: line.state == "done" and line.location_dest_id.usage == "customer"
        )
