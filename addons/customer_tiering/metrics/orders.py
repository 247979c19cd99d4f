from odoo.tools import SQL

from .registry import Source, register


@register
class OrderSource(Source):
    """Confirmed sale orders.

    ``revenue`` (smallest currency units) and ``order_count`` lie in the window;
    ``first_order_date`` and ``last_order_date`` are local dates, ever.
    """

    code = "orders"
    defines_customers = True

    def query(self, scope):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(ordered.revenue)::bigint AS revenue,
                   SUM(ordered.order_count)::integer AS order_count,
                   %(first)s AS first_order_date,
                   %(last)s AS last_order_date
              FROM (
                    SELECT partner_id,
                           COALESCE(SUM(%(amount)s) FILTER (WHERE %(in_window)s), 0) AS revenue,
                           COUNT(*) FILTER (WHERE %(in_window)s) AS order_count,
                           MIN(date_order) AS first_moment,
                           MAX(date_order) AS last_moment
                      FROM sale_order
                     WHERE state = 'sale'
                       AND company_id = ANY(%(companies)s)
                       AND date_order < %(until)s
                  GROUP BY partner_id
                   ) AS ordered
              JOIN res_partner AS partner ON partner.id = ordered.partner_id
          GROUP BY partner.commercial_partner_id
            """,
            amount=scope.minor_units(
                SQL("amount_untaxed"), rate=SQL("currency_rate"), currency=SQL("currency_id")
            ),
            in_window=SQL("date_order >= %s", scope.window_start_utc),
            first=scope.local_date(SQL("MIN(ordered.first_moment)")),
            last=scope.local_date(SQL("MAX(ordered.last_moment)")),
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )
