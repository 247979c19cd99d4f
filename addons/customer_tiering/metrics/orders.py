from odoo.tools import SQL

from .documents import document_queries, is_wanted, made_for, put_together
from .registry import Source, register

IS_ORDER = SQL("state IN ('sale', 'sold')")


@register
class OrderSource(Source):
    """Confirmed orders and quotations that were sent, in one pass over the sale orders.

    In the period: ``revenue`` (smallest currency units), ``order_count``, ``order_days`` (local
    days with an order), ``active_months`` (how many of the period's months have an order) and,
    of the quotations, ``accepted_count`` (confirmed ever) and ``decided_count`` (those, and the
    ones that were sent and then cancelled, or are past their validity). In the period before
    it: ``previous_revenue``. Ever: ``order_days_ever``, ``first_order_date`` and
    ``last_order_date`` (local), and ``sent_count`` of quotations that are still open.

    Which sale orders count as orders and as quotations say the scope's conditions, by default
    confirmed ones and those that were ever sent: one that never was, as a cart, says nothing.
    Documents that add-ons count here have the state ``sold``, an order that was no quotation,
    or ``corrected``, whose amount counts and which is no order, as a return.
    """

    code = "orders"
    customer_condition = SQL("orders.first_order_date IS NOT NULL")
    prospect_condition = SQL("orders.sent_count > 0")
    document_columns = ("partner_id", "company_id", "state", "date_order", "validity_date")

    def amounts(self, scope):
        """Return the amounts of a sale order, as SQL by code, in smallest units."""
        return {
            "revenue": scope.minor_units(
                SQL("amount_untaxed"), rate=SQL("currency_rate"), currency=SQL("currency_id")
            ),
            **{column.code: column.amount(scope) for column in scope.columns_of(self.code)},
        }

    def documents(self, scope):
        """Return the sale orders and what else counts among them, as SQL that follows FROM."""
        return put_together(self.document_queries(scope))

    def document_queries(self, scope):
        """Return the SELECT of each kind of documents, sale orders first."""
        amounts = self.amounts(scope)
        own = SQL(
            """
            SELECT %(partner)s AS partner_id, company_id, %(state)s AS state, date_order,
                   validity_date
                   %(amounts)s
              FROM sale_order
             WHERE ((%(orders)s) OR (%(quotations)s))
               AND %(wanted)s
            """,
            partner=made_for(SQL("sale_order"), SQL("partner_id")),
            wanted=is_wanted(scope, SQL("sale_order.partner_id"), SQL("sale_order.made_for_id")),
            orders=scope.counted.orders,
            quotations=scope.counted.quotations,
            state=self.state(scope),
            # Of the many orders before both periods no amount is asked for.
            amounts=SQL().join(
                SQL(
                    ", CASE WHEN date_order >= %s AND (%s) THEN %s END AS %s",
                    scope.previous_start_utc,
                    scope.counted.orders,
                    amount,
                    SQL.identifier(code),
                )
                for code, amount in amounts.items()
            ),
        )
        return document_queries(scope, self, own, tuple(amounts))

    def state(self, scope):
        """Return what became of a quotation.

        ``sale``, it counts as an order; ``revoked``, confirmed and then cancelled;
        ``declined``, sent and then cancelled; ``sent``; or ``reworked``, a draft again after it
        was sent.
        """
        return SQL(
            """
            CASE WHEN %s THEN 'sale'
                 WHEN was_confirmed THEN 'revoked'
                 WHEN state = 'cancel' THEN 'declined'
                 WHEN state = 'sent' THEN 'sent'
                 ELSE 'reworked'
            END
            """,
            scope.counted.orders,
        )

    def query(self, scope):
        codes = [column.code for column in scope.columns_of(self.code)]
        return SQL(
            """
            SELECT partner_id,
                   revenue::bigint,
                   previous_revenue::bigint,
                   order_count::integer,
                   accepted_count::integer,
                   decided_count::integer,
                   sent_count::integer,
                   order_days::integer,
                   order_days_ever::integer,
                   %(column_sums)s
                   LENGTH(REPLACE(months::text, '0', '')) AS active_months,
                   %(first)s AS first_order_date,
                   %(last)s AS last_order_date
              FROM (
                    SELECT partner_id,
                           COALESCE(SUM(revenue) FILTER (WHERE in_window), 0) AS revenue,
                           COALESCE(SUM(revenue) FILTER (
                               WHERE NOT in_window AND date_order >= %(before)s), 0)
                               AS previous_revenue,
                           COUNT(*) FILTER (WHERE is_order AND in_window) AS order_count,
                           COUNT(*) FILTER (WHERE is_accepted) AS accepted_count,
                           COUNT(*) FILTER (WHERE is_decided) AS decided_count,
                           COUNT(*) FILTER (WHERE is_open) AS sent_count,
                           COUNT(DISTINCT day) FILTER (WHERE is_order AND in_window)
                               AS order_days,
                           COUNT(DISTINCT day) FILTER (WHERE is_order) AS order_days_ever,
                           %(columns)s
                           BIT_OR(%(month)s) FILTER (WHERE is_order AND in_window) AS months,
                           MIN(date_order) FILTER (WHERE is_order) AS first_moment,
                           MAX(date_order) FILTER (WHERE is_order) AS last_moment
                      FROM (%(described)s) AS document
                  GROUP BY partner_id
                   ) AS placed
            """,
            # Sorted by customer and day, all of them are merged.
            described=SQL(" UNION ALL ").join(
                SQL("(%s)", self._describe(scope, documents, ("revenue", *codes)))
                for documents in self.document_queries(scope)
            ),
            before=scope.previous_start_utc,
            columns=SQL().join(
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE in_window), 0) AS %s,",
                    SQL.identifier(code),
                    SQL.identifier(code),
                )
                for code in codes
            ),
            column_sums=SQL().join(SQL("%s::bigint,", SQL.identifier(code)) for code in codes),
            month=scope.month_bit(SQL("date_order")),
            first=scope.local_date(SQL("first_moment")),
            last=scope.local_date(SQL("last_moment")),
        )

    def _describe(self, scope, documents, codes):
        """Return the SELECT of what is said of documents of one kind, by customer and day."""
        return SQL(
            """
            SELECT contact.customer_id AS partner_id,
                   date_order,
                   %(day)s AS day,
                   %(in_window)s AS in_window,
                   %(is_order)s AS is_order,
                   state = 'sent' AS is_open,
                   %(in_window)s AND %(accepted)s AS is_accepted,
                   %(in_window)s AND (%(decided)s) AS is_decided
                   %(amounts)s
              FROM (%(documents)s) AS document
              -- Without the contact's other columns, named as documents' are.
              JOIN (SELECT id, commercial_partner_id FROM res_partner)
                   AS contact (contact_id, customer_id)
                ON contact.contact_id = document.partner_id
             WHERE company_id = ANY(%(companies)s)
               AND date_order < %(until)s
          -- Several processes sort, by which days are counted, and what is said is found out there.
          ORDER BY partner_id, day
            """,
            day=scope.local_date(SQL("date_order")),
            in_window=SQL("date_order >= %s", scope.window_start_utc),
            is_order=IS_ORDER,
            accepted=SQL("state IN ('sale', 'revoked')"),
            decided=SQL(
                "state IN ('sale', 'revoked', 'declined')"
                " OR (state IN ('sent', 'reworked') AND validity_date < %s)",
                scope.as_of,
            ),
            # Only what counts has an amount.
            amounts=SQL().join(SQL(", %s", SQL.identifier(code)) for code in codes),
            documents=documents,
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )

    def dated_revenue_query(self, scope):
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id,
                   %(day)s AS day,
                   document.revenue AS units
              FROM %(documents)s AS document
              JOIN res_partner AS contact ON contact.id = document.partner_id
             WHERE document.revenue IS NOT NULL
               AND document.company_id = ANY(%(companies)s)
               AND document.date_order < %(until)s
            """,
            day=scope.local_date(SQL("document.date_order")),
            documents=self.documents(scope),
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )

    def first_orders_query(self, scope):
        """Return the SELECT of ``partner_id`` and ``day``, the local one of the first order."""
        return SQL(
            """
            SELECT contact.commercial_partner_id AS partner_id, %(day)s AS day
              FROM %(documents)s AS document
              JOIN res_partner AS contact ON contact.id = document.partner_id
             WHERE %(is_order)s AND document.company_id = ANY(%(companies)s)
          GROUP BY contact.commercial_partner_id
            """,
            day=scope.local_date(SQL("MIN(document.date_order)")),
            documents=self.documents(scope),
            is_order=IS_ORDER,
            companies=list(scope.company_ids),
        )

    def first_day_query(self, scope):
        return SQL(
            "SELECT %s FROM %s AS document WHERE %s AND company_id = ANY(%s)",
            scope.local_date(SQL("MIN(date_order)")),
            self.documents(scope),
            IS_ORDER,
            list(scope.company_ids),
        )

    def largest_query(self, scope):
        return SQL(
            """
            SELECT 'sale.order', id, GREATEST(%(amounts)s) AS units
              FROM sale_order
             WHERE (%(orders)s) AND company_id = ANY(%(companies)s) AND date_order < %(until)s
          ORDER BY units DESC NULLS LAST
             LIMIT 1
            """,
            amounts=SQL(", ").join(
                SQL("ABS(%s)", amount) for amount in self.amounts(scope).values()
            ),
            orders=scope.counted.orders,
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )
