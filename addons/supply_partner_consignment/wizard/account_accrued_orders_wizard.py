from odoo import models


class AccountAccruedOrdersWizard(models.TransientModel):
    """Accruals of orders; a consigned one has none, not by hand either."""

    _inherit = "account.accrued.orders.wizard"

    def create_entries(self):
        model = self.env.context.get("active_model")
        if self.amount and model in ("purchase.order", "purchase.order.line"):
            records = self.env[model].browse(self.env.context.get("active_ids"))
            orders = records if model == "purchase.order" else records.order_id
            orders._check_billable()
        return super().create_entries()
