from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class PurchaseOrder(models.Model):
    """A request for quotation may be a bid, from which a selection starts."""

    _inherit = "purchase.order"

    selection_candidate_ids = fields.One2many(
        "vendor.selection.candidate",
        "purchase_order_id",
        "Bid In",
        groups="purchase.group_purchase_user",
    )

    def action_select_vendor(self):
        """Open the selection among these bids and their alternatives, or start one.

        :raise UserError: when they are confirmed already, or of several companies
        """
        bids = self._get_bids().filtered(lambda order: order.state in ("draft", "sent"))
        if not bids:
            raise UserError(
                self.env._("A vendor is selected before the order: choose a request for quotation.")
            )
        if len(bids.company_id) > 1:
            raise UserError(self.env._("Choose requests for quotation of one company."))
        selection = bids.selection_candidate_ids.selection_id.filtered(
            lambda selection: selection.state in ("draft", "judging")
        )[:1]
        if not selection:
            selection = selection.create(bids._prepare_selection_vals())
        return selection.get_formview_action()

    def _get_bids(self):
        """Return the requests for quotation that bid for the same as these."""
        return self

    def _prepare_selection_vals(self):
        """Return the values of a selection among these bids, a vendor's cheapest one each."""
        first = self[:1]
        bids = {}
        for order in self.sorted("amount_untaxed"):
            bids.setdefault(order.partner_id.commercial_partner_id, order)
        products = self.order_line.product_id
        return {
            "name": self.env._("Vendor for %s", products[:1].display_name or first.name),
            "company_id": first.company_id.id,
            "origin_order_id": first.id,
            "categ_id": products.categ_id.id if len(products.categ_id) == 1 else False,
            "candidate_ids": [
                Command.create({"partner_id": partner.id, "purchase_order_id": order.id})
                for partner, order in bids.items()
            ],
            "judge_ids": [Command.create({"user_id": self.env.uid})],
        }
