"""What came, added up by order, transfer and day, so that a night need not read all moves again.

The figures of receipts are of each transfer's value. Those of an order are added up again when the
order, a promise or a move of it was written; the others stay as they are.
"""

from odoo.tools import SQL

# Of a receipt ``move``, in the product's unit.
RECEIVED = SQL(
    "(move.quantity::double precision * unit.factor::double precision"
    " / own.factor::double precision)"
)

# The transfer that a receipt ``move`` belongs to, or the move where there is none.
TRANSFER = SQL("COALESCE(move.picking_id, -move.id)")


def write_receipts(cr, scope, changed=None):
    """Add up a company's receipts from the first day of the period on.

    :param scope: the :class:`~.scope.VendorScope`
    :param changed: the table of the promises of whose orders those are added up again that
        something was written about; None for all
    """
    orders = None
    if changed:
        orders = SQL(
            "SELECT promise.order_id FROM %s AS changed "
            "JOIN vendor_promise promise ON promise.id = changed.promise_id "
            "WHERE changed.is_written",
            changed,
        )
        cr.execute(
            SQL(
                """
                DELETE FROM vendor_receipt
                 WHERE company_key = %(company)s
                   AND (order_key IN (%(orders)s) OR day < %(first)s
                        OR order_key NOT IN (SELECT id FROM purchase_order))
                """,
                company=scope.company_id,
                orders=orders,
                first=scope.first,
            )
        )
    else:
        cr.execute(SQL("DELETE FROM vendor_receipt WHERE company_key = %s", scope.company_id))
    cr.execute(
        SQL(
            """
            INSERT INTO vendor_receipt
                   (company_key, partner_key, order_key, transfer_key, day, lines, value)
            SELECT %(company)s, promise.partner_id, promise.order_id, %(transfer)s, %(day)s,
                   COUNT(*), SUM(%(received)s * promise.price_unit::double precision)
                   %(receipts)s
          GROUP BY promise.partner_id, promise.order_id, %(transfer)s, %(day)s
            """,
            company=scope.company_id,
            transfer=TRANSFER,
            day=scope.local_day(SQL("move.date")),
            received=RECEIVED,
            receipts=receipts_from(scope, _moves(orders), SQL("TRUE")),
        )
    )


def _moves(orders):
    """Return the table ``move``, of some orders or of all."""
    if orders is None:
        return SQL("stock_move move")
    return SQL(
        """
        (SELECT DISTINCT order_id FROM (%s) AS each) AS summed
                  JOIN purchase_order_line ON purchase_order_line.order_id = summed.order_id
            CROSS JOIN LATERAL (
                       -- Looked up: of all moves, these are few.
                       SELECT * FROM stock_move
                        WHERE purchase_line_id = purchase_order_line.id OFFSET 0) AS move
        """,
        orders,
    )


def receipts_from(scope, moves, condition=None):
    """Return FROM and WHERE of the receipts of the period, with what their units need.

    :param moves: SQL of the table ``move``, with what it is joined to
    :param condition: which of them; by default those of the period
    """
    return SQL(
        """
                  FROM %(moves)s
                  JOIN vendor_promise promise ON promise.order_line_id = move.purchase_line_id
                  -- There is one of each: PostgreSQL reads them only where a condition does.
             LEFT JOIN purchase_order_line ordered ON ordered.id = move.purchase_line_id
             LEFT JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location origin ON origin.id = move.location_id
                  JOIN stock_location destination ON destination.id = move.location_dest_id
                 WHERE move.state = 'done' AND move.quantity > 0 AND move.company_id = %(company)s
                   AND move.date >= %(start)s AND %(condition)s
                   AND promise.company_id = %(company)s AND %(is_receipt)s AND %(vendors)s
        """,
        moves=moves,
        company=scope.company_id,
        start=scope.start,
        condition=condition or SQL("move.date < %s", scope.stop),
        is_receipt=scope.conditions.receipt,
        vendors=scope.of_vendors(SQL("promise.partner_id")),
    )
