from odoo import fields, models
from odoo.tools import SQL


class VmiAgreementLine(models.Model):
    _inherit = "vmi.agreement.line"

    def _get_usable_stock(self):
        """As in Odoo's forecast, what is to be removed counts only as far as it is reserved."""
        return SQL(
            "CASE WHEN quant.removal_date <= %s THEN quant.reserved_quantity ELSE %s END",
            fields.Date.today(),
            super()._get_usable_stock(),
        )
