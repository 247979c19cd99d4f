from odoo import models


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _give_back_by_owner(self, sold):
        """Divide what a customer gives back by whose stock it was; own units come back first.

        :param sold: the done lines of which something is given back
        """
        self.ensure_one()
        self = self.sudo()
        own = self.company_id.partner_id
        taken = sold.filtered(
            lambda line: (
                line.product_id == self.product_id
                and (not self.lot_id or line.lot_id == self.lot_id)
            )
        ).sorted(lambda line: (bool(line.owner_id) and line.owner_id != own, line.id))
        unit, left, line = self.product_id.uom_id, self.quantity_product_uom, self
        for use in taken:
            back = self.search(
                [("vmi_reversed_line_id", "=", use.id), ("state", "!=", "cancel")]
            ).mapped("quantity_product_uom")
            part = min(left, use.quantity_product_uom - sum(back))
            if unit.compare(part, 0) <= 0:
                continue
            left -= part
            quantity = unit._compute_quantity(part, self.product_uom_id)
            rest = unit._compute_quantity(left, self.product_uom_id)
            vals = {"owner_id": use.owner_id.id, "quantity": quantity}
            following = line.copy_data({"quantity": rest, "picked": True})[0]
            line.write({**vals, "vmi_reversed_line_id": use.id})
            if unit.compare(left, 0) <= 0:
                break
            line = self.create({**following, "move_id": self.move_id.id, "owner_id": False})
