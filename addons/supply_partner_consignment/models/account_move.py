from odoo import models


class AccountMove(models.Model):
    """Bills take no lines of consigned orders."""

    _inherit = "account.move"

    def _add_purchase_order_lines(self, purchase_order_lines):
        purchase_order_lines.order_id._check_billable()
        return super()._add_purchase_order_lines(purchase_order_lines)
