from odoo import fields, models


class StockMove(models.Model):
    """A move of goods that are the vendor's, or partly so."""

    _inherit = "stock.move"

    vmi_is_bought_over = fields.Boolean(
        "Bought Over",
        readonly=True,
        copy=False,
        help="It changes to whom stock belongs, and nothing is moved.",
    )

    def _action_done(self, cancel_backorder=False):
        self._stamp_consigned()
        moves = super()._action_done(cancel_backorder=cancel_backorder)
        moves._net_overdrawn()
        return moves

    def _stamp_consigned(self):
        """Let what consigned orders bring, or take back to the vendor, be the vendor's."""
        for move in self:
            order = move.sudo().purchase_line_id.order_id
            if not order.vmi_is_consigned or move.state == "done":
                continue
            arrives = move.location_id.usage == "supplier"
            if arrives or move.location_dest_id.usage == "supplier":
                move.restrict_partner_id = order.partner_id
                lines = move.move_line_ids.filtered(
                    lambda line, arrives=arrives, vendor=order.partner_id: (
                        line.owner_id != vendor if arrives else not line.owner_id
                    )
                )
                lines.owner_id = order.partner_id

    def _net_overdrawn(self):
        """Let what was used of nobody's stock have been the vendor's, once that arrives.

        More was delivered than was there: the company's own stock fell below 0, beside what the
        vendor brings. The latest uses become the vendor's, so that they are settled.
        """
        for line in self.move_line_ids:
            order = line.move_id.sudo().purchase_line_id.order_id
            if not (order.vmi_is_consigned and line.location_dest_id.usage == "internal"):
                continue
            overdrawn = -sum(
                self.env["stock.quant"]
                .sudo()
                .search(
                    [
                        ("product_id", "=", line.product_id.id),
                        ("location_id", "=", line.location_dest_id.id),
                        ("lot_id", "=", line.lot_id.id),
                        ("owner_id", "=", False),
                    ]
                )
                .mapped("quantity")
            )
            missing = min(overdrawn, line.quantity_product_uom)
            if line.product_id.uom_id.compare(missing, 0) > 0:
                line._let_uses_be(order.partner_id, missing)

    def _get_cogs_price_unit(self, quantity=0):
        """Return the cost of a unit; what was the vendor's in a mixed delivery has none.

        Odoo takes the cost of an own unit for every unit that was delivered.
        """
        price = super()._get_cogs_price_unit(quantity)
        lines = self.move_line_ids.filtered("picked")
        moved = sum(lines.mapped("quantity_product_uom"))
        own = sum(move._get_valued_qty() for move in self)
        if not price or not own or own >= moved:
            return price
        product = self.product_id
        if product.cost_method == "fifo":
            unshared = sum(self.mapped("value")) / own
        else:
            unshared = product.standard_price
        # A server that sees to it by itself is left alone.
        return price * own / moved if price == unshared else price

    def _follow_owners(self):
        """Value moves anew whose owners were changed after they were done."""
        if not self:
            return
        for name in ("is_in", "is_out"):
            self.env.add_to_compute(self._fields[name], self)
        for move in self.sudo():
            if move.is_in or move.is_out:
                move._set_value()
            else:
                move.value = 0
        for company, moves in self.sudo().grouped("company_id").items():
            moves.product_id.with_company(company)._update_standard_price()
