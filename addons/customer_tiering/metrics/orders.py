from odoo.tools import SQL

from .registry import Source, register


@register
class OrderSource(Source):
    """Confirmed orders and decided quotations, in one pass over the sale orders.

    In the window: ``revenue`` (smallest currency units), ``order_count``,
    ``active_months`` (how many of the window's months have an order) and
    ``decided_count`` (confirmed, cancelled, or sent and past their validity). In the
    window before it: ``previous_revenue``. Ever: ``orders_ever``, ``first_order_date`` and
    ``last_order_date`` (local), and ``sent_count`` of quotations that are still open.
    """

    code = "orders"
    customer_condition = SQL("orders.first_order_date IS NOT NULL")
    prospect_condition = SQL("orders.sent_count > 0")

    def query(self, scope):
        counted = SQL("state = 'sale' AND date_order >= %s", scope.window_start_utc)
        columns = [column for column in scope.columns if column.source == self.code]
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(placed.revenue)::bigint AS revenue,
                   SUM(placed.previous_revenue)::bigint AS previous_revenue,
                   SUM(placed.order_count)::integer AS order_count,
                   SUM(placed.decided_count)::integer AS decided_count,
                   SUM(placed.sent_count)::integer AS sent_count,
                   SUM(placed.orders_ever)::integer AS orders_ever,
                   %(column_sums)s
                   LENGTH(REPLACE(BIT_OR(placed.months)::text, '0', '')) AS active_months,
                   %(first)s AS first_order_date,
                   %(last)s AS last_order_date
              FROM (
                    SELECT partner_id,
                           COALESCE(SUM(%(amount)s) FILTER (WHERE %(counted)s), 0) AS revenue,
                           COALESCE(SUM(%(amount)s) FILTER (WHERE %(counted_before)s), 0)
                               AS previous_revenue,
                           COUNT(*) FILTER (WHERE %(counted)s) AS order_count,
                           COUNT(*) FILTER (WHERE %(in_window)s AND (%(decided)s)) AS decided_count,
                           COUNT(*) FILTER (WHERE state = 'sent') AS sent_count,
                           COUNT(*) FILTER (WHERE state = 'sale') AS orders_ever,
                           %(columns)s
                           BIT_OR(%(month)s) FILTER (WHERE %(counted)s) AS months,
                           MIN(date_order) FILTER (WHERE state = 'sale') AS first_moment,
                           MAX(date_order) FILTER (WHERE state = 'sale') AS last_moment
                      FROM sale_order
                     WHERE state IN ('sale', 'sent', 'cancel')
                       AND company_id = ANY(%(companies)s)
                       AND date_order < %(until)s
                  GROUP BY partner_id
                   ) AS placed
              JOIN res_partner AS partner ON partner.id = placed.partner_id
          GROUP BY partner.commercial_partner_id
            """,
            amount=scope.minor_units(
                SQL("amount_untaxed"), rate=SQL("currency_rate"), currency=SQL("currency_id")
            ),
            counted=counted,
            columns=SQL().join(
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s), 0) AS %s,",
                    column.amount(scope),
                    counted,
                    SQL.identifier(column.code),
                )
                for column in columns
            ),
            column_sums=SQL().join(
                SQL(
                    "SUM(placed.%s)::bigint AS %s,",
                    SQL.identifier(column.code),
                    SQL.identifier(column.code),
                )
                for column in columns
            ),
            counted_before=SQL(
                "state = 'sale' AND date_order >= %s AND date_order < %s",
                scope.previous_start_utc,
                scope.window_start_utc,
            ),
            in_window=SQL("date_order >= %s", scope.window_start_utc),
            decided=SQL("state IN ('sale', 'cancel') OR validity_date < %s", scope.as_of),
            month=scope.month_bit(SQL("date_order")),
            first=scope.local_date(SQL("MIN(placed.first_moment)")),
            last=scope.local_date(SQL("MAX(placed.last_moment)")),
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )
