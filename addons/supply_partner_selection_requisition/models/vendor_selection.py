from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class VendorSelection(models.Model):
    """A selection among alternatives, which may end in a blanket order."""

    _inherit = "vendor.selection"

    requisition_id = fields.Many2one(
        "purchase.requisition",
        "Resulting Blanket Order",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def action_create_blanket_order(self):
        """Open a new blanket order with the chosen vendor, at the prices of its bid.

        :raise UserError: where there are no products to agree on
        """
        self.ensure_one()
        self._check_chosen()
        if not self.requisition_id:
            lines = (self.chosen_id.purchase_order_id or self.origin_order_id).order_line
            lines = lines.filtered("product_id")
            if not lines:
                raise UserError(
                    self.env._(
                        "A blanket order is about products: %s has no bid with any.",
                        self.chosen_partner_id.name,
                    )
                )
            self.sudo().requisition_id = self.env["purchase.requisition"].create(
                self._prepare_blanket_order_vals(lines)
            )
        self._agree()
        return self.requisition_id.get_formview_action()

    def _prepare_blanket_order_vals(self, lines):
        """Return the values of a blanket order of the products of lines of a bid."""
        is_own_bid = lines.order_id == self.chosen_id.purchase_order_id
        return {
            "vendor_id": self.chosen_partner_id.id,
            "company_id": self.company_id.id,
            "user_id": self.user_id.id or self.env.uid,
            "reference": self.name,
            "requisition_type": "blanket_order",
            "currency_id": lines.order_id.currency_id.id,
            "line_ids": [
                Command.create(
                    {
                        "product_id": line.product_id.id,
                        "product_qty": line.product_qty,
                        "product_uom_id": line.product_uom_id.id,
                        "price_unit": line.price_unit if is_own_bid else 0,
                    }
                )
                for line in lines
            ],
        }

    def _create_order(self, candidate, lines):
        """Make a bid that is asked for an alternative of the first one."""
        order = super()._create_order(candidate, lines)
        origin = self.origin_order_id
        if self.state == "draft" and origin.state in ("draft", "sent"):
            bids = origin.purchase_group_id.order_ids | origin | order
            group = origin.purchase_group_id or self.env["purchase.order.group"].create({})
            group.order_ids = bids
        return order
