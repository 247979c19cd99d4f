from odoo.addons.customer_tiering.metrics import Documents, made_for, register
from odoo.tools import SQL

from .pos_amounts import IS_RETURN, ORDER_AMOUNT, in_company_currency, is_paid, largest_order


@register
class PosReceipts(Documents):
    """Point-of-sale orders without an invoice, each as an invoice or, a return, a credit note.

    An order that settled a sale order counts whole: the sale order is not invoiced for it.
    """

    source = "invoices"
    code = "pos_receipts"

    def query(self, scope):
        return SQL(
            """
            SELECT %(partner)s AS commercial_partner_id,
                   pos.company_id,
                   'posted' AS state,
                   CASE WHEN %(is_return)s THEN 'out_refund' ELSE 'out_invoice' END AS move_type,
                   %(date)s AS invoice_date,
                   %(revenue)s AS revenue
              FROM pos_order AS pos
             WHERE %(paid)s
               AND pos.account_move IS NULL
               AND pos.partner_id IS NOT NULL
            """,
            partner=made_for(SQL("pos"), SQL("partner_id")),
            is_return=IS_RETURN,
            paid=is_paid(),
            date=scope.local_date(SQL("pos.date_order")),
            revenue=in_company_currency(scope, ORDER_AMOUNT),
        )

    def largest_query(self, scope):
        return largest_order(scope)
