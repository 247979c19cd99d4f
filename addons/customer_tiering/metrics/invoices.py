from odoo.tools import SQL

from .registry import Source, register


@register
class InvoiceSource(Source):
    """Posted customer invoices less credit notes.

    ``revenue`` lies in the window, in smallest units of the company's currency.
    """

    code = "invoices"
    defines_customers = True

    def query(self, scope):
        return SQL(
            """
            SELECT commercial_partner_id AS partner_id,
                   COALESCE(
                       SUM(%(amount)s) FILTER (WHERE invoice_date > %(window_start)s), 0
                   )::bigint AS revenue
              FROM account_move
             WHERE state = 'posted'
               AND move_type IN ('out_invoice', 'out_refund')
               AND company_id = ANY(%(companies)s)
               AND invoice_date <= %(as_of)s
               AND commercial_partner_id IS NOT NULL
          GROUP BY commercial_partner_id
            """,
            amount=scope.minor_units(SQL("amount_untaxed_signed")),
            window_start=scope.window_start,
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )
