from odoo import models
from odoo.tools import SQL


class PurchaseBillLineMatch(models.Model):
    """What can be matched with vendors' bills: nothing of consigned orders."""

    _inherit = "purchase.bill.line.match"

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT lines.*
              FROM (%s) AS lines
             WHERE NOT EXISTS (SELECT FROM purchase_order consigned
                                WHERE consigned.id = lines.purchase_order_id
                                  AND consigned.vmi_is_consigned)
            """,
            super()._table_query,
        )
