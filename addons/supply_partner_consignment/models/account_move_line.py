from odoo import api, models


class AccountMoveLine(models.Model):
    """A line of a bill is never one of a consigned order."""

    _inherit = "account.move.line"

    @api.constrains("purchase_line_id")
    def _check_not_consigned(self):
        self.sudo().purchase_line_id.order_id._check_billable()
