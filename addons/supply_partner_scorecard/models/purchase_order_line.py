from odoo import api, fields, models
from odoo.addons.supply_partner.models.purchase_order import STAFF

# What a promise is about.
PROMISED = {"product_qty", "product_uom_id", "date_planned", "price_unit", "discount", "tax_ids"}


class PurchaseOrderLine(models.Model):
    """An order line whose promise is frozen; each later change is kept."""

    _inherit = "purchase.order.line"

    vendor_promise_ids = fields.One2many("vendor.promise", "order_line_id", groups=STAFF)

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        added = lines.filtered(lambda line: line.order_id.state == "purchase")
        if added:
            self.env["vendor.promise"]._make(added)
        return lines

    def write(self, vals):
        if PROMISED.isdisjoint(vals):
            return super().write(vals)
        promises = self.env["vendor.promise"].sudo().search([("order_line_id", "in", self.ids)])
        before = promises._read_lines()
        result = super().write(vals)
        promises._note_changes(before, is_dated="date_planned" in vals)
        return result
