from odoo import models


class MrpProduction(models.Model):
    """A manufacturing order, whose product costs what its consigned components cost as well."""

    _inherit = "mrp.production"

    def _cal_price(self, consumed_moves):
        """Add the vendors' prices: in the books what is a vendor's has no value of its own."""
        finished = self.move_finished_ids.filtered(
            lambda move: (
                move.product_id == self.product_id
                and move.state not in ("done", "cancel")
                and move.quantity > 0
            )
        )
        quantity = sum(
            move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id, round=False)
            for move in finished
        )
        cost = consumed_moves._get_consigned_cost() if quantity else 0
        if not cost:
            return super()._cal_price(consumed_moves)
        held = self.extra_cost
        # Odoo divides it among the product and its by-products, as it divides the components' cost.
        self.extra_cost = held + cost / quantity
        result = super()._cal_price(consumed_moves)
        # A back order has components of its own.
        self.extra_cost = held
        return result
