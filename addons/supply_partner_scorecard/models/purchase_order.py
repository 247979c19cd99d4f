from odoo import api, models

from .vendor_promise import VENDOR


class PurchaseOrder(models.Model):
    """An order whose promise is frozen when it is first approved."""

    _inherit = "purchase.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        approved = orders.filtered(lambda order: order.state == "purchase")
        if approved:
            self.env["vendor.promise"]._make(approved.order_line)
        return orders

    def write(self, vals):
        before = {order: order.state for order in self} if "state" in vals else {}
        result = super().write(vals)
        for state in set(before.values()):
            self._follow_state(
                self.filtered(lambda order, state=state: before[order] == state), state
            )
        return result

    @api.model
    def _follow_state(self, orders, old):
        """Freeze the promises of what was approved now, and keep what happened to those before."""
        new = orders[:1].state
        if not orders or new == old:
            return
        promises = self.env["vendor.promise"].sudo()
        known = promises.search([("order_id", "in", orders.ids)])
        if new == "purchase":
            if known:
                known._note("confirmed")
            promises._make(orders.order_line)
        elif new == "cancel":
            known._note("cancelled")
        elif new == "draft":
            known._note("reopened")

    def _update_date_planned_for_lines(self, updated_dates):
        # On the portal the vendor moves the dates.
        by_vendor = [
            (line.with_context(vendor_promise_origin=VENDOR), date) for line, date in updated_dates
        ]
        return super()._update_date_planned_for_lines(by_vendor)
