from odoo import api, models
from odoo.fields import Domain


class PurchaseOrderLine(models.Model):
    """A line of a consigned order is received, and there is nothing to bill."""

    _inherit = "purchase.order.line"

    @api.depends("order_id.vmi_is_consigned")
    def _compute_qty_invoiced(self):
        result = super()._compute_qty_invoiced()
        self.filtered("order_id.vmi_is_consigned").qty_to_invoice = 0
        return result

    @api.depends("order_id.vmi_is_consigned")
    def _compute_amount_to_invoice_at_date(self):
        result = super()._compute_amount_to_invoice_at_date()
        self.filtered("order_id.vmi_is_consigned").amount_to_invoice_at_date = 0
        return result

    @api.model
    def _search(
        self,
        domain,
        offset=0,
        limit=None,
        order=None,
        *,
        active_test=True,
        bypass_access=False,
    ):
        if self.env.context.get("vmi_without_consigned"):
            kept = Domain("order_id.vmi_is_consigned", "=", False)
            domain = Domain(domain) & kept & Domain("order_id.vmi_is_bought_over", "=", False)
        return super()._search(
            domain, offset, limit, order, active_test=active_test, bypass_access=bypass_access
        )

    def _create_or_update_picking(self):
        ordinary = self.filtered(lambda line: not line.order_id.vmi_is_bought_over)
        return super(PurchaseOrderLine, ordinary)._create_or_update_picking()
