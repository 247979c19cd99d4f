from odoo import models
from odoo.tools import SQL


class PurchaseReport(models.Model):
    """What was bought; consigned goods are not until they are used."""

    _inherit = "purchase.report"

    def _where(self):
        return SQL("%s AND po.vmi_is_consigned IS NOT TRUE", super()._where())
