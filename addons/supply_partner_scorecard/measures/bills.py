"""Whether bills say what was promised and what came."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)

# Quantities are compared with this much of room.
HAIR = 0.000001


@register
class Bills(Source):
    """The lines of posted bills of the period that bill an order's line."""

    code = "bills"

    def query(self, scope):
        return SQL(
            """
            WITH billed AS MATERIALIZED (
                SELECT item.id, item.move_id, item.purchase_line_id, bill.invoice_date AS day,
                       bill.move_type = 'in_refund' AS is_credit, promise.partner_id,
                       template.type <> 'consu' AS is_service,
                       CASE WHEN bill.move_type = 'in_refund' THEN -1 ELSE 1 END
                           * item.quantity::double precision * unit.factor::double precision
                           / own.factor::double precision AS quantity,
                       CASE WHEN item.currency_id = purchase.currency_id
                            THEN item.price_subtotal::double precision
                                 / COALESCE(NULLIF(purchase.currency_rate, 0), 1)
                            ELSE ABS(item.balance)::double precision END AS amount,
                       promise.price_unit::double precision AS promised
                  FROM account_move_line item
                  JOIN account_move bill ON bill.id = item.move_id
                  JOIN vendor_promise promise ON promise.order_line_id = item.purchase_line_id
                  JOIN purchase_order purchase ON purchase.id = promise.order_id
                  JOIN product_product product ON product.id = promise.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = item.product_uom_id
                 WHERE bill.state = 'posted' AND bill.company_id = %(company)s
                   AND bill.move_type IN ('in_invoice', 'in_refund')
                   AND bill.invoice_date < %(end)s AND item.quantity <> 0 AND %(vendors)s
            ),
            came AS MATERIALIZED (
                SELECT move.purchase_line_id, %(moved_day)s AS day,
                       CASE WHEN %(is_receipt)s THEN 1 ELSE -1 END
                           * move.quantity::double precision * unit.factor::double precision
                           / own.factor::double precision AS quantity
                  FROM stock_move move
                  JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id
                  JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location origin ON origin.id = move.location_id
                  JOIN stock_location destination ON destination.id = move.location_dest_id
                 WHERE move.state = 'done' AND move.company_id = %(company)s
                   AND move.purchase_line_id IN (SELECT purchase_line_id FROM billed)
                   AND (%(is_receipt)s OR %(is_return)s)
            ),
            both_sides AS (
                SELECT id, purchase_line_id, day, quantity AS billed, 0 AS received, 1 AS rank
                  FROM billed
                 UNION ALL
                SELECT NULL, purchase_line_id, day, 0, quantity, 0 FROM came
            ),
            running AS MATERIALIZED (
                SELECT id, SUM(billed) OVER upto AS billed, SUM(received) OVER upto AS received
                  FROM both_sides
                WINDOW upto AS (
                    PARTITION BY purchase_line_id ORDER BY day, rank, id NULLS FIRST
                    ROWS UNBOUNDED PRECEDING)
            ),
            judged AS (
                SELECT billed.partner_id, billed.move_id,
                       ABS(amount / ABS(quantity) - promised)
                           <= promised * %(tolerance)s + 0.005
                       AND (is_service OR running.billed <= running.received + %(hair)s)
                           AS is_matched
                  FROM billed
                  JOIN running ON running.id = billed.id
                 WHERE NOT is_credit AND day >= %(first)s
            ),
            event AS (
                SELECT partner_id, move_id, COUNT(*) AS lines,
                       COUNT(*) FILTER (WHERE is_matched) AS matched
                  FROM judged
              GROUP BY partner_id, move_id
            )
            SELECT partner_id, COUNT(*) AS events, SUM(lines) AS lines, SUM(matched) AS matched,
                   SUM(lines)::double precision ^ 2
                       / NULLIF(SUM(lines::double precision * lines), 0) AS effective
              FROM event
          GROUP BY partner_id
            """,
            company=scope.company_id,
            first=scope.first,
            end=scope.end,
            vendors=scope.of_vendors(SQL("promise.partner_id")),
            moved_day=scope.local_day(SQL("move.date")),
            is_receipt=scope.conditions.receipt,
            is_return=scope.conditions.receipt_return,
            tolerance=scope.price_tolerance,
            hair=HAIR,
        )


@register
class InvoiceMatch(Measure):
    code = "invoice_match"
    name = _lt("Bills as Promised")
    help = _lt("Lines of posted bills with the promised price, for no more than had come by then.")
    topic = "bill"
    source = "bills"
    expression = "matched::double precision / NULLIF(lines, 0)"
    base = "events"
    effective = "effective"
