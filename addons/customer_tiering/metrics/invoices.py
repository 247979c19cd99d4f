from odoo.tools import SQL

from .documents import read_documents
from .registry import Source, register


@register
class InvoiceSource(Source):
    """Posted customer invoices less credit notes, by invoice date.

    An invoice keeps the commercial partner of its day, which may have become the contact
    of another since: what counts is where it belongs now, as for orders.

    In smallest units of the company's currency: in the window ``revenue`` (signed),
    ``invoiced`` and ``credited``; in the window before it ``previous_revenue``. Documents
    that add-ons count here are posted invoices and credit notes by their ``move_type``.
    """

    code = "invoices"
    customer_condition = SQL("invoices.partner_id IS NOT NULL")
    document_columns = (
        "commercial_partner_id",
        "company_id",
        "state",
        "move_type",
        "invoice_date",
    )

    def query(self, scope):
        documents, amounts = read_documents(
            scope,
            self,
            SQL("account_move"),
            {"revenue": scope.minor_units(SQL("amount_untaxed_signed"))},
        )
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COALESCE(SUM(%(amount)s) FILTER (WHERE %(in_window)s), 0)::bigint AS revenue,
                   COALESCE(SUM(%(amount)s) FILTER (WHERE %(before)s), 0)::bigint
                       AS previous_revenue,
                   COALESCE(SUM(%(amount)s) FILTER (
                       WHERE %(in_window)s AND move_type = 'out_invoice'), 0)::bigint AS invoiced,
                   COALESCE(SUM(-(%(amount)s)) FILTER (
                       WHERE %(in_window)s AND move_type = 'out_refund'), 0)::bigint AS credited
              FROM %(documents)s AS move
              JOIN res_partner AS partner ON partner.id = move.commercial_partner_id
             WHERE move.state = 'posted'
               AND move.move_type IN ('out_invoice', 'out_refund')
               AND move.company_id = ANY(%(companies)s)
               AND move.invoice_date <= %(as_of)s
          GROUP BY partner.commercial_partner_id
            """,
            documents=documents,
            amount=amounts["revenue"],
            in_window=SQL("invoice_date > %s", scope.window_start),
            before=SQL(
                "invoice_date > %s AND invoice_date <= %s",
                scope.previous_start,
                scope.window_start,
            ),
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )
