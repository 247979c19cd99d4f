"""Unit prices that multiply back to the amount of a line, to the smallest unit of money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal

# Wide enough for the largest amount and quantity that `checks` lets through.
_context = Context(prec=60)

# How far price × quantity may be from the amount, as a share of the currency's smallest unit.
# Odoo can round each order instead of each line: thousands of lines must not add up to a half.
_TOLERANCE = Decimal("0.0001")


def round_to_step(value: Decimal, step: Decimal) -> Decimal:
    """Return ``value`` rounded to the nearest multiple of ``step``, halves away from zero.

    :param step: a currency's smallest unit (0.01, 0.05, 1 …) or a unit's smallest quantity
    """
    steps = _context.divide(value, step).quantize(Decimal(1), ROUND_HALF_UP, _context)
    return _context.multiply(steps, step)


def storable_quantity(quantity: Decimal, decimals: int) -> Decimal:
    """Return a positive ``quantity`` as Odoo stores it: with ``decimals`` places, never 0.

    A quantity below the smallest step becomes that step, because a line without a quantity
    could not carry the amount that was paid.
    """
    step = Decimal(1).scaleb(-decimals)
    return max(round_to_step(quantity, step), step)


def unit_price(amount: Decimal, quantity: Decimal, step: Decimal) -> Decimal:
    """Return the price with the fewest decimals that gives ``amount`` back for ``quantity``.

    One line with such a price stands for one purchase as it was made, where prices of whole
    cents would need two. Odoo stores a unit price with all its decimals, and multiplies before
    it rounds, so the amount comes back however often the order is recomputed.

    :param amount: what was paid, a multiple of ``step``, at most 10¹¹ in size
    :param quantity: above 0, at most 10⁹
    :param step: the currency's smallest unit
    """
    decimals = max(0, -step.normalize().as_tuple().exponent)
    exact = _context.divide(amount, quantity)
    tolerance = step * _TOLERANCE
    while True:
        price = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _context)
        if abs(_context.multiply(price, quantity) - amount) <= tolerance:
            return price
        decimals += 1
