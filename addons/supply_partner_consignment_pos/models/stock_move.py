from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _take_lots_by_owner(self):
        """Take the lots that the till named from whoever's stock the company uses first.

        Odoo takes the stock that came last, whoever owns it.
        """
        quants = self.env["stock.quant"].sudo()
        for move in self:
            for line in move.move_line_ids.filtered("lot_id"):
                there = quants.search(
                    [
                        ("lot_id", "=", line.lot_id.id),
                        ("location_id", "=", line.location_id.id),
                        ("quantity", ">", 0),
                    ]
                )
                if not quants._find_consigning(move.company_id, there.owner_id):
                    continue
                vals, location, lot = line.copy_data()[0], line.location_id, line.lot_id
                quantity = line.quantity_product_uom
                # What it has reserved is free again.
                line.unlink()
                parts = quants._divide_by_owner(move.product_id, location, quantity, lot=lot)
                unit = move.product_id.uom_id
                self.env["stock.move.line"].create(
                    [
                        {
                            **vals,
                            "move_id": move.id,
                            "quant_id": False,
                            "lot_id": lot.id,
                            "location_id": location.id,
                            "owner_id": owner.id,
                            "quantity": unit._compute_quantity(part, move.product_uom),
                            "product_uom_id": move.product_uom.id,
                            "picked": True,
                        }
                        for owner, part in parts
                    ]
                )

    def _get_price_unit(self):
        """Return the cost of a unit; of any unit that was moved where the till asks."""
        price = super()._get_price_unit()
        if not self.env.context.get("vmi_of_any_unit"):
            return price
        moved = sum(self.move_line_ids.filtered("picked").mapped("quantity_product_uom"))
        own = sum(move._get_valued_qty() for move in self)
        return price * own / moved if moved else price
