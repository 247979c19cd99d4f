from odoo import models


class PosOrder(models.Model):
    _inherit = "pos.order"

    def _get_pos_anglo_saxon_price_unit(self, product, partner_id, quantity):
        """Return the cost of a unit of an invoiced order; what was the vendor's has none."""
        price = super()._get_pos_anglo_saxon_price_unit(product, partner_id, quantity)
        moves = self.picking_ids.move_ids.filtered(
            lambda move: move.state == "done" and move.product_id == product
        )
        moved = sum(moves.move_line_ids.mapped("quantity_product_uom"))
        own = sum(move._get_valued_qty() for move in moves)
        return price * own / moved if moved else price
