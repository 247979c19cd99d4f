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
