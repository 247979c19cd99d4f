from odoo import fields, models
from odoo.fields import Domain


class ProductProduct(models.Model):
    """A product, whose value counts what is the company's own alone."""

    _inherit = "product.product"

    def _with_valuation_context(self):
        # Odoo values all that is there of a product by FIFO, whoever owns it.
        valued = super()._with_valuation_context()
        return valued.with_context(owners=[False, self.env.company.partner_id.id])

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        """Leave the owners out of past quantities, too, who are left out of today's."""
        result = super()._compute_quantities_dict(lot_id, owner_id, package_id, from_date, to_date)
        owners = self.env.context.get("owners")
        moment = fields.Datetime.to_datetime(to_date)
        if not owners or not moment or moment >= fields.Datetime.now():
            return result
        places = self._get_domain_locations()
        for sign, place in ((1, places[1]), (-1, places[2])):
            moved = Domain(place) & Domain("product_id", "in", self.ids)
            moved &= Domain("state", "=", "done") & Domain("date", ">", moment)
            lines = Domain("owner_id", "not in", [*owners, False]) & Domain("state", "=", "done")
            for product, quantity in self.env["stock.move.line"]._read_group(
                lines & Domain("move_id", "any", moved),
                ["product_id"],
                ["quantity_product_uom:sum"],
            ):
                found = result[product.id]
                found["qty_available"] = product.uom_id.round(
                    found["qty_available"] + sign * quantity
                )
        return result
