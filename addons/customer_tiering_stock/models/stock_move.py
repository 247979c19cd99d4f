from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _get_new_picking_values(self):
        """Give each new transfer on the way to a customer the priority of the tier.

        Moves take over the priority of their transfer, so that is where it belongs. A transfer
        that is there already keeps what it has: somebody may have chosen it.
        """
        values = super()._get_new_picking_values()
        orders = self.filtered(lambda move: move._leads_to_customer()).sale_line_id.order_id
        if orders:
            values["priority"] = max(values.get("priority", "0"), orders._get_delivery_priority())
        return values

    def _leads_to_customer(self):
        """Return whether the move, or one that waits for it, ends at a customer's."""
        self.ensure_one()
        return (self.location_final_id or self.location_dest_id)._is_outgoing() or any(
            move._leads_to_customer() for move in self.move_dest_ids
        )
