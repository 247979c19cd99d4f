from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class VendorCart(models.Model):
    _inherit = "vendor.cart"

    can_ask_several = fields.Boolean(compute="_compute_can_ask_several")

    @api.depends("state", "line_ids.vendor_ids")
    def _compute_can_ask_several(self):
        for cart in self:
            cart.can_ask_several = cart.state == "draft" and len(cart.line_ids.vendor_ids) > 1

    def action_ask_several_vendors(self):
        """Make a request for quotation of every vendor who offers something of the cart.

        They are alternatives of each other: Odoo compares them, and asks about the others when one
        is confirmed.

        :raise UserError: when the cart cannot be requested, or there is one vendor only
        """
        self.ensure_one()
        lines = self._check_ready()
        wanted = self._get_alternatives(lines)
        if len(wanted) < 2:
            raise UserError(
                self.env._("Only one vendor offers what is in the cart: create its RFQ instead.")
            )
        orders = self.env["purchase.order"]
        for vendor, offered in wanted.items():
            orders |= self._create_rfq(vendor, offered)
        self.env["purchase.order.group"].create({"order_ids": [Command.set(orders.ids)]})
        return self._finish(orders)

    def _get_alternatives(self, lines):
        """Return the lines that each vendor offers, those chosen in the cart first."""
        wanted = dict.fromkeys(lines.partner_id, self.env["vendor.cart.line"])
        found = self.env["vendor.offer"].with_company(self.company_id)
        found = found._get_by_product(lines.product_id)
        for line in lines:
            offers = found.get(line.product_id, self.env["vendor.offer"])
            for vendor in line.partner_id | offers.partner_id:
                wanted[vendor] = wanted.get(vendor, self.env["vendor.cart.line"]) | line
        return wanted
