from odoo.tools import SQL

from .documents import read_documents
from .registry import Source, register


@register
class OrderSource(Source):
    """Confirmed orders and decided quotations, in one pass over the sale orders.

    In the window: ``revenue`` (smallest currency units), ``order_count``, ``order_days`` (local
    days with an order), ``active_months`` (how many of the window's months have an order) and,
    of the quotations, ``accepted_count`` and ``decided_count`` (confirmed, cancelled, or sent
    and past their validity). In the window before it: ``previous_revenue``. Ever:
    ``order_days_ever``, ``first_order_date`` and ``last_order_date`` (local), and
    ``sent_count`` of quotations that are still open.

    Documents that add-ons count here have the state ``sold``, an order that was no
    quotation, or ``corrected``, whose amount counts and which is no order, as a return.
    """

    code = "orders"
    customer_condition = SQL("orders.first_order_date IS NOT NULL")
    prospect_condition = SQL("orders.sent_count > 0")
    document_columns = ("partner_id", "company_id", "state", "date_order", "validity_date")

    def query(self, scope):
        documents, amounts = read_documents(
            scope,
            self,
            SQL("sale_order"),
            {
                "revenue": scope.minor_units(
                    SQL("amount_untaxed"), rate=SQL("currency_rate"), currency=SQL("currency_id")
                ),
                **{column.code: column.amount(scope) for column in scope.columns_of(self.code)},
            },
        )
        revenue = amounts.pop("revenue")
        added = bool(scope.documents_of(self.code))
        is_order = SQL("state IN %s", ("sale", "sold") if added else ("sale",))
        has_amount = SQL("state IN %s", ("sale", "sold", "corrected") if added else ("sale",))
        in_window = SQL("date_order >= %s", scope.window_start_utc)
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
                    SELECT contact.customer_id AS partner_id,
                           COALESCE(SUM(%(revenue)s) FILTER (WHERE %(earned)s), 0) AS revenue,
                           COALESCE(SUM(%(revenue)s) FILTER (WHERE %(earned_before)s), 0)
                               AS previous_revenue,
                           COUNT(*) FILTER (WHERE %(ordered)s) AS order_count,
                           COUNT(*) FILTER (WHERE %(accepted)s) AS accepted_count,
                           COUNT(*) FILTER (WHERE %(in_window)s AND (%(decided)s)) AS decided_count,
                           COUNT(*) FILTER (WHERE state = 'sent') AS sent_count,
                           COUNT(DISTINCT %(day)s) FILTER (WHERE %(ordered)s) AS order_days,
                           COUNT(DISTINCT %(day)s) FILTER (WHERE %(is_order)s)
                               AS order_days_ever,
                           %(columns)s
                           BIT_OR(%(month)s) FILTER (WHERE %(ordered)s) AS months,
                           MIN(date_order) FILTER (WHERE %(is_order)s) AS first_moment,
                           MAX(date_order) FILTER (WHERE %(is_order)s) AS last_moment
                      FROM %(documents)s AS document
                      -- Without the contact's other columns, which have names of documents'.
                      JOIN (
                            SELECT id, commercial_partner_id FROM res_partner
                           ) AS contact (contact_id, customer_id)
                        ON contact.contact_id = document.partner_id
                     WHERE state IN %(states)s
                       AND company_id = ANY(%(companies)s)
                       AND date_order < %(until)s
                  GROUP BY contact.customer_id
                   ) AS placed
            """,
            documents=documents,
            states=("sale", "sent", "cancel", *(("sold", "corrected") if added else ())),
            revenue=revenue,
            is_order=is_order,
            in_window=in_window,
            ordered=SQL("%s AND %s", is_order, in_window),
            accepted=SQL("state IN ('sale') AND %s", in_window),
            earned=SQL("%s AND %s", has_amount, in_window),
            earned_before=SQL(
                "%s AND date_order >= %s AND date_order < %s",
                has_amount,
                scope.previous_start_utc,
                scope.window_start_utc,
            ),
            columns=SQL().join(
                SQL(
                    "COALESCE(SUM(%s) FILTER (WHERE %s AND %s), 0) AS %s,",
                    amount,
                    has_amount,
                    in_window,
                    SQL.identifier(code),
                )
                for code, amount in amounts.items()
            ),
            column_sums=SQL().join(SQL("%s::bigint,", SQL.identifier(code)) for code in amounts),
            decided=SQL("state IN ('sale', 'cancel') OR validity_date < %s", scope.as_of),
            day=scope.local_date(SQL("date_order")),
            month=scope.month_bit(SQL("date_order")),
            first=scope.local_date(SQL("first_moment")),
            last=scope.local_date(SQL("last_moment")),
            companies=list(scope.company_ids),
            until=scope.end_utc,
        )
