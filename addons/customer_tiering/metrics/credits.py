from odoo.tools import SQL

from .documents import made_for
from .registry import Documents, register


@register
class OrderCredits(Documents):
    """Posted credit notes of confirmed orders' lines: each takes its amount off, on its date.

    Of what was credited on a line only that counts which the order does not show: not what was
    invoiced beyond the order, so that neither a line that was made smaller and credited is taken
    off twice, nor a line that was credited and invoiced anew at all. A line below zero, such as a
    discount or a return, is the mirror image. Down payments are no revenue of the order.

    Amounts are the order's, at its own rate; a margin goes with its line's revenue.
    """

    source = "orders"
    code = "order_credits"

    def counts(self, scope):
        return scope.amount_basis == "ordered" or bool(scope.columns_of(self.source))

    def given_columns(self, scope):
        return ("revenue", *(column.code for column in scope.columns_of(self.source)))

    def query(self, scope):
        rate = SQL("currency_rate")
        return SQL(
            """
            -- Few of all lines are credited. Each list is fetched by its ids, whatever joins
            -- the planner is allowed.
            WITH note_line AS MATERIALIZED (
                SELECT id
                  FROM account_move_line
                 WHERE move_id = ANY(ARRAY(
                           SELECT id
                             FROM account_move
                            WHERE move_type = 'out_refund'
                              AND (%(invoices)s)
                              AND company_id = ANY(%(companies)s)
                              AND invoice_date > %(start)s
                              AND invoice_date <= %(as_of)s))
                   AND display_type = 'product'
            ),
            credited_line AS MATERIALIZED (
                SELECT id, order_id, price_subtotal AS ordered %(line_columns)s
                  FROM sale_order_line AS line
                 WHERE id = ANY(ARRAY(
                           SELECT order_line_id
                             FROM sale_order_line_invoice_rel
                            WHERE invoice_line_id = ANY(ARRAY(SELECT id FROM note_line))))
                   AND is_downpayment IS NOT TRUE
            ),
            sale AS MATERIALIZED (
                SELECT id, company_id, currency_id, currency_rate, %(partner)s AS partner_id
                  FROM sale_order
                 WHERE id = ANY(ARRAY(SELECT order_id FROM credited_line))
                   AND (%(orders)s)
            ),
            link AS MATERIALIZED (
                SELECT order_line_id, invoice_line_id
                  FROM sale_order_line_invoice_rel
                 WHERE order_line_id = ANY(ARRAY(SELECT id FROM credited_line))
            ),
            billed_line AS MATERIALIZED (
                SELECT id, move_id, currency_id, price_subtotal, balance
                  FROM account_move_line
                 WHERE id = ANY(ARRAY(SELECT invoice_line_id FROM link))
            ),
            bill AS MATERIALIZED (
                SELECT id, move_type, invoice_date
                  FROM account_move
                 WHERE id = ANY(ARRAY(SELECT move_id FROM billed_line))
                   AND (%(invoices)s)
                   AND invoice_date <= %(as_of)s
            ),
            billed AS (
                SELECT credited_line.*, sale.company_id, sale.currency_id, sale.currency_rate,
                       sale.partner_id, bill.id AS bill_id, bill.invoice_date,
                       bill.move_type = 'out_refund' AS is_credit,
                       CASE WHEN billed_line.currency_id = sale.currency_id
                            THEN billed_line.price_subtotal
                            WHEN bill.move_type = 'out_refund'
                            THEN billed_line.balance * COALESCE(NULLIF(sale.currency_rate, 0), 1)
                            ELSE -billed_line.balance * COALESCE(NULLIF(sale.currency_rate, 0), 1)
                       END AS amount
                  FROM link
                  JOIN credited_line ON credited_line.id = link.order_line_id
                  JOIN sale ON sale.id = credited_line.order_id
                  JOIN billed_line ON billed_line.id = link.invoice_line_id
                  JOIN bill ON bill.id = billed_line.move_id
            ),
            summed AS (
                SELECT *,
                       COALESCE(SUM(amount) FILTER (WHERE is_credit) OVER by_line, 0) AS credited,
                       COALESCE(SUM(amount) FILTER (WHERE NOT is_credit) OVER by_line, 0)
                           - ordered AS beyond
                  FROM billed
                WINDOW by_line AS (PARTITION BY id)
            ),
            reduced AS (
                SELECT *,
                       amount / NULLIF(credited, 0) * CASE
                           WHEN ordered < 0 THEN LEAST(credited - LEAST(beyond, 0), 0)
                           ELSE GREATEST(credited - GREATEST(beyond, 0), 0)
                       END AS taken
                  FROM summed
                 WHERE is_credit
            ),
            note AS (
                SELECT partner_id, company_id, currency_id, currency_rate, invoice_date,
                       SUM(taken) AS revenue %(note_columns)s
                  FROM reduced
              GROUP BY bill_id, order_id, partner_id, company_id, currency_id, currency_rate,
                       invoice_date
            )
            SELECT partner_id, company_id, 'corrected' AS state,
                   invoice_date::timestamp AT TIME ZONE %(timezone)s AT TIME ZONE 'UTC'
                       AS date_order,
                   NULL::date AS validity_date,
                   -%(revenue)s AS revenue %(columns)s
              FROM note
             WHERE revenue <> 0
            """,
            companies=list(scope.company_ids),
            start=scope.previous_start,
            as_of=scope.as_of,
            timezone=scope.timezone,
            partner=made_for(SQL("sale_order"), SQL("partner_id")),
            orders=scope.counted.orders,
            invoices=scope.counted.invoices,
            revenue=scope.minor_units(SQL("revenue"), rate=rate, currency=SQL("currency_id")),
            line_columns=self._columns(scope, lambda column: column.line_amount(scope)),
            note_columns=self._columns(
                scope,
                lambda column: SQL(
                    "SUM(taken * %s / NULLIF(ordered, 0))", SQL.identifier(column.code)
                ),
            ),
            columns=self._columns(
                scope,
                lambda column: SQL(
                    "-%s",
                    scope.minor_units(
                        SQL("COALESCE(%s, 0)", SQL.identifier(column.code)),
                        rate=rate,
                        currency=SQL("currency_id"),
                    ),
                ),
            ),
        )

    def _columns(self, scope, expression):
        return SQL().join(
            SQL(", %s AS %s", expression(column), SQL.identifier(column.code))
            for column in scope.columns_of(self.source)
        )
