from odoo.tools import SQL

from .documents import document_queries, is_wanted, made_for, put_together
from .registry import Source, register

# What is owed, and what takes off from it.
INVOICE_TYPES = ("out_invoice", "out_receipt")
CREDIT_TYPES = ("out_refund",)


def is_invoice(scope):
    """Return the condition that an ``account_move`` counts, and says what is owed."""
    return SQL("(%s) AND account_move.move_type IN %s", scope.counted.invoices, INVOICE_TYPES)


@register
class InvoiceSource(Source):
    """Customer invoices and sales receipts less credit notes, by invoice date.

    Which of them count says the scope's condition, by default those that are posted.

    In smallest units of the company's currency: in the period ``revenue`` (signed),
    ``invoiced`` and ``credited``; in the period before it ``previous_revenue``. Documents
    that add-ons count here are posted invoices and credit notes by their ``move_type``; one of
    another type counts as revenue alone.
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

    def amount(self, scope):
        """Return the untaxed amount of a journal entry in smallest units, below 0 if credited."""
        return scope.minor_units(SQL("amount_untaxed_signed"))

    def documents(self, scope):
        """Return the invoices and what else counts among them, as SQL that follows FROM."""
        return put_together(self.document_queries(scope))

    def document_queries(self, scope):
        """Return the SELECT of each kind of documents, journal entries first."""
        own = SQL(
            """
            SELECT %(partner)s AS commercial_partner_id, company_id, 'posted' AS state, move_type,
                   invoice_date,
                   CASE WHEN invoice_date > %(start)s THEN %(amount)s END AS revenue
              FROM account_move
             WHERE (%(invoices)s)
               AND %(wanted)s
            """,
            partner=made_for(SQL("account_move"), SQL("commercial_partner_id")),
            wanted=is_wanted(
                scope, SQL("account_move.commercial_partner_id"), SQL("account_move.made_for_id")
            ),
            start=scope.previous_start,
            amount=self.amount(scope),
            invoices=scope.counted.invoices,
        )
        return document_queries(scope, self, own, ("revenue",))

    def query(self, scope):
        return SQL(
            """
            SELECT partner_id,
                   SUM(revenue)::bigint AS revenue,
                   SUM(previous_revenue)::bigint AS previous_revenue,
                   SUM(invoiced)::bigint AS invoiced,
                   SUM(credited)::bigint AS credited
              FROM (%s) AS kind
          GROUP BY partner_id
            """,
            SQL(" UNION ALL ").join(
                SQL("(%s)", self._add_up(scope, documents))
                for documents in self.document_queries(scope)
            ),
        )

    def _add_up(self, scope, documents):
        """Return the SELECT of the sums of documents of one kind, by customer."""
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   COALESCE(SUM(revenue) FILTER (WHERE %(in_window)s), 0)::bigint AS revenue,
                   COALESCE(SUM(revenue) FILTER (WHERE %(before)s), 0)::bigint
                       AS previous_revenue,
                   COALESCE(SUM(revenue) FILTER (
                       WHERE %(in_window)s AND move_type IN %(invoices)s), 0)::bigint AS invoiced,
                   COALESCE(SUM(-revenue) FILTER (
                       WHERE %(in_window)s AND move_type IN %(credits)s), 0)::bigint AS credited
              FROM (%(documents)s) AS move
              JOIN res_partner AS partner ON partner.id = move.commercial_partner_id
             WHERE move.state = 'posted'
               AND move.company_id = ANY(%(companies)s)
               AND move.invoice_date <= %(as_of)s
          GROUP BY partner.commercial_partner_id
            """,
            documents=documents,
            in_window=SQL("invoice_date > %s", scope.window_start),
            before=SQL(
                "invoice_date > %s AND invoice_date <= %s",
                scope.previous_start,
                scope.window_start,
            ),
            invoices=INVOICE_TYPES,
            credits=CREDIT_TYPES,
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )

    def dated_revenue_query(self, scope):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   move.invoice_date AS day,
                   move.revenue AS units
              FROM %(documents)s AS move
              JOIN res_partner AS partner ON partner.id = move.commercial_partner_id
             WHERE move.revenue IS NOT NULL
               AND move.state = 'posted'
               AND move.company_id = ANY(%(companies)s)
               AND move.invoice_date <= %(as_of)s
            """,
            documents=self.documents(scope),
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )

    def first_day_query(self, scope):
        return SQL(
            """
            SELECT MIN(invoice_date)
              FROM %s AS move
             WHERE state = 'posted' AND move_type IN %s AND company_id = ANY(%s)
            """,
            self.documents(scope),
            INVOICE_TYPES,
            list(scope.company_ids),
        )

    def largest_query(self, scope):
        return SQL(
            """
            SELECT 'account.move', id, ABS(%(amount)s) AS units
              FROM account_move
             WHERE (%(invoices)s) AND company_id = ANY(%(companies)s) AND invoice_date <= %(as_of)s
          ORDER BY units DESC NULLS LAST
             LIMIT 1
            """,
            amount=self.amount(scope),
            invoices=scope.counted.invoices,
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )
