from odoo import fields, models


class StockMoveLine(models.Model):
    """A part of a move; when its owner is changed afterwards, the move's value follows."""

    _inherit = "stock.move.line"

    vmi_reversed_line_id = fields.Many2one(
        "stock.move.line",
        "Gives Back",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="What was taken and is given back here.",
    )

    _consigned_index = models.Index(
        "(owner_id, company_id) WHERE owner_id IS NOT NULL AND state = 'done'"
    )

    def write(self, vals):
        done = self.browse()
        if "owner_id" in vals:
            done = self.filtered(
                lambda line: line.state == "done" and line.owner_id.id != vals["owner_id"]
            )
        result = super().write(vals)
        done.move_id._follow_owners()
        return result

    def _let_uses_be(self, owner, quantity):
        """Give the latest uses at the place of a receipt another owner.

        :param quantity: how much of them, in the product's unit
        """
        self.ensure_one()
        uses = self.sudo().search(
            [
                ("product_id", "=", self.product_id.id),
                ("lot_id", "=", self.lot_id.id),
                ("location_id", "=", self.location_dest_id.id),
                ("location_dest_id.usage", "in", ("customer", "production")),
                ("company_id", "=", self.company_id.id),
                ("owner_id", "=", False),
                ("state", "=", "done"),
            ],
            order="date desc, id desc",
        )
        unit = self.product_id.uom_id
        for use in uses:
            part = min(quantity, use.quantity_product_uom)
            if unit.compare(part, 0) <= 0:
                break
            quantity -= part
            if unit.compare(part, use.quantity_product_uom) == 0:
                use.owner_id = owner
                continue
            in_use_s_unit = unit._compute_quantity(part, use.product_uom_id)
            vals = use.copy_data({"quantity": in_use_s_unit, "owner_id": owner.id})[0]
            use.quantity -= in_use_s_unit
            # In the same move, which is done: it moves the stock at once.
            self.sudo().create({**vals, "move_id": use.move_id.id, "picked": True})
            use.move_id._follow_owners()

    def _give_back_by_owner(self, taken):
        """Divide what comes back by whose stock it was; own units come back first.

        :param taken: the done lines of which something is given back
        """
        self.ensure_one()
        self = self.sudo()
        own = self.company_id.partner_id
        taken = taken.filtered(
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
