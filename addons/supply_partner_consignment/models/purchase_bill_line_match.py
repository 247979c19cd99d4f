from odoo import models
from odoo.tools import SQL


class PurchaseBillLineMatch(models.Model):
    """What can be matched: nothing of consigned orders, and no bills of settlements."""

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
               AND NOT EXISTS (SELECT FROM account_move_line settled
                                WHERE settled.id = lines.aml_id
                                  AND settled.vmi_settlement_line_id IS NOT NULL)
            """,
            super()._table_query,
        )
