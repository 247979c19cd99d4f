"""Amounts of point-of-sale orders and their lines, as SQL."""

from odoo.tools import SQL

# Untaxed, in the order's currency; negative in a return.
ORDER_AMOUNT = SQL("(pos.amount_total - pos.amount_tax)")

# The stored amount of a returned line is positive or negative, by how the return was made.
LINE_AMOUNT = SQL("SIGN(line.qty * line.price_unit) * ABS(line.price_subtotal)")

IS_RETURN = SQL("(pos.is_refund OR pos.amount_total < 0)")


def in_company_currency(scope, amount):
    """Return an amount of the order ``pos`` in the company currency's smallest units."""
    return scope.minor_units(amount, rate=SQL("pos.currency_rate"))


def is_paid():
    """Return the condition that the order ``pos`` counts."""
    return SQL("pos.state IN ('paid', 'done')")


def largest_order(scope):
    """Return the SELECT of the order with the largest amount, as a source gives it."""
    return SQL(
        """
        SELECT 'pos.order', pos.id, ABS(%s) AS units
          FROM pos_order AS pos
         WHERE %s AND pos.company_id = ANY(%s) AND pos.date_order < %s
      ORDER BY units DESC NULLS LAST
         LIMIT 1
        """,
        in_company_currency(scope, ORDER_AMOUNT),
        is_paid(),
        list(scope.company_ids),
        scope.end_utc,
    )
