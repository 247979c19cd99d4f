from odoo import models
from odoo.fields import Command


class StockMove(models.Model):
    _inherit = "stock.move"

    def _vmi_announce(self, lines):
        """Let open receipts of one order line hold what is announced; the last one takes the rest.

        :param lines: ``vmi.shipment.line`` of the same order line
        """
        waiting = [(line, line.quantity) for line in lines]
        for place, move in enumerate(self, start=1):
            space = move.product_uom_qty
            parts = []
            while waiting and (space > 0 or place == len(self)):
                line, quantity = waiting.pop(0)
                quantity = line.product_uom_id._compute_quantity(
                    quantity, move.product_uom, round=False
                )
                part = quantity if place == len(self) else min(quantity, space)
                parts.append((line, part))
                space -= part
                if quantity > part:
                    rest = move.product_uom._compute_quantity(
                        quantity - part, line.product_uom_id, round=False
                    )
                    waiting.insert(0, (line, rest))
            move.write(
                {
                    "move_line_ids": [
                        # Cleared ones would stay with the receipt, and come again.
                        *(Command.delete(line.id) for line in move.move_line_ids),
                        *(
                            Command.create(move._prepare_announced(line, part))
                            for line, part in parts
                        ),
                    ],
                    "picked": False,
                }
            )

    def _prepare_announced(self, line, quantity):
        """Return the move line of a part of a shipment."""
        vals = {
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom.id,
            "quantity": self.product_uom.round(quantity),
            "picking_id": self.picking_id.id,
            "company_id": self.company_id.id,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "picked": False,
            "result_package_id": line.package_id.id,
        }
        if line.lot_name:
            lot = self.env["stock.lot"].search(
                [
                    ("product_id", "=", self.product_id.id),
                    ("name", "=", line.lot_name),
                    ("company_id", "in", (False, self.company_id.id)),
                ],
                limit=1,
            )
            vals["lot_id" if lot else "lot_name"] = lot.id or line.lot_name
        return vals
