from odoo import models


class StockPicking(models.Model):
    """What the till moves, by the owner from whose stock it was sold."""

    _inherit = "stock.picking"

    def _create_move_from_pos_order_lines(self, lines):
        session = lines.order_id.session_id
        if len(session) == 1:
            # A refund in the same session looks for it before Odoo says so.
            self.pos_session_id = session
        result = super()._create_move_from_pos_order_lines(lines)
        if self.location_dest_id.usage == "customer":
            self.move_ids._take_lots_by_owner()
        return result

    def _link_owner_on_return_picking(self, lines):
        """Give back to each owner what was sold of that owner's stock, less what came back.

        Odoo gives the vendor all of a product of which something was the vendor's.
        """
        sold = lines._find_sold_move_lines()
        quants = self.env["stock.quant"]
        if not quants._find_consigning(self.company_id, sold.owner_id):
            return super()._link_owner_on_return_picking(lines)
        for line in self.move_line_ids:
            line._give_back_by_owner(sold)
        return None
