from odoo import models
from odoo.exceptions import LockError, UserError

from .vmi_shipment import OPEN_MOVES


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def _vmi_lock(self):
        """Keep others from announcing shipments of the order until the end."""
        try:
            self.sudo().lock_for_update(allow_referencing=True)
        except LockError as error:
            raise UserError(
                self.env._("Somebody is at work on %s at this moment. Try again.", self.name)
            ) from error

    def _vmi_get_open_receipts(self):
        """Return the moves that the vendor still has to fill, in the order in which they wait."""
        return self.order_line.move_ids.filtered(
            lambda move: (
                move.state in OPEN_MOVES
                and move.location_id.usage in ("supplier", "transit")
                and not move._is_purchase_return()
            )
        ).sorted(lambda move: (move.date, move.id))

    def _vmi_get_announced(self, states=("announced",)):
        """Return the lines of the shipments in some states that have not come."""
        return (
            self.env["vmi.shipment"]
            .search([("purchase_id", "in", self.ids), ("state", "in", states)], order="date, id")
            .line_ids
        )

    def _vmi_get_excess(self):
        """Return by which products more is announced than is expected, a sentence each."""
        self.ensure_one()
        # What waits for the buyer already takes nothing from what is expected.
        newest = self._vmi_get_announced(("announced", "waiting")).shipment_id.filtered(
            lambda shipment: shipment.state == "announced"
        )
        found = []
        number = self.env["vmi.proposal.line"]._format_quantity
        receipts = self._vmi_get_open_receipts()
        for line, announced in newest.line_ids.grouped("purchase_line_id").items():
            expected = sum(
                move.product_uom._compute_quantity(
                    move.product_uom_qty, line.product_uom_id, round=False
                )
                for move in receipts
                if move.purchase_line_id == line
            )
            total = sum(announced.mapped("quantity"))
            if line.product_uom_id.compare(total, expected) > 0:
                found.append(
                    self.env._(
                        "%(product)s: %(total)s are announced, %(expected)s expected.",
                        product=line.product_id.display_name,
                        total=number(total),
                        expected=number(max(expected, 0)),
                    )
                )
        return found

    def _vmi_write_receipts(self):
        """Write what is announced to the open receipts: quantities and lots, nothing picked.

        Where nothing is announced any more, they hold again what is expected. What somebody has
        begun to count is left alone.
        """
        for order in self:
            lines = order._vmi_get_announced()
            by_ordered = lines.grouped("purchase_line_id")
            receipts = order._vmi_get_open_receipts().filtered(lambda move: not move.picked)
            for ordered, moves in receipts.grouped("purchase_line_id").items():
                if lines:
                    moves._vmi_announce(by_ordered.get(ordered, self.env["vmi.shipment.line"]))
                else:
                    for move in moves:
                        move.quantity = 0
                        move._action_assign()
