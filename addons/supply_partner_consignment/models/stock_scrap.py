from odoo import models


class StockScrap(models.Model):
    """Scrap, which is taken from whoever's stock is there where nobody said whose."""

    _inherit = "stock.scrap"

    def _divide_by_owner(self):
        self.ensure_one()
        if self.owner_id or not self.product_id.is_storable:
            return None
        return self.env["stock.quant"]._divide_by_owner(
            self.product_id,
            self.location_id,
            self.product_uom_id._compute_quantity(self.scrap_qty, self.product_id.uom_id),
            lot=self.lot_id,
            package=self.package_id,
        )

    def check_available_qty(self):
        parts = self._divide_by_owner()
        if parts is None:
            return super().check_available_qty()
        there = self.product_id.with_context(
            location=self.location_id.id,
            lot_id=self.lot_id.id or None,
            package_id=self.package_id.id or None,
            strict=True,
        ).qty_available
        wanted = sum(quantity for _owner, quantity in parts)
        return self.product_id.uom_id.compare(there, wanted) >= 0

    def _prepare_move_values(self):
        vals = super()._prepare_move_values()
        parts = self._divide_by_owner()
        if parts:
            [(command, number, line)] = vals["move_line_ids"]
            unit = self.product_id.uom_id
            vals["move_line_ids"] = [
                (
                    command,
                    number,
                    {
                        **line,
                        "owner_id": owner.id,
                        "quantity": unit._compute_quantity(quantity, self.product_uom_id),
                    },
                )
                for owner, quantity in parts
            ]
        return vals
