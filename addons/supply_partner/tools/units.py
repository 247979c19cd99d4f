"""Quantities of a product that its vendor's unit can say as well."""

from fractions import Fraction

# More units than these at a time are nothing that anybody would order in.
LARGEST_STEP = 1000
# Finer than these parts no unit is of another.
FINEST_PART = 10**6
TOLERANCE = 1e-6


def whole_step(ratio, digits):
    """Return the quantity whose multiples are whole numbers of a unit and can be written down.

    That is the unit itself, where the decimals of a quantity hold it: half a dozen is 0.5, ten
    grams are 0.01 kg. Otherwise it is the least whole number of the product's unit that is a whole
    number of the other unit too: pieces of what is kept in dozens come by the dozen.

    :param ratio: the unit in units of the product
    :param digits: decimals of a quantity
    :return: the quantity in the product's unit; None when there is none
    """
    shown = ratio * 10**digits
    if round(shown) and abs(shown - round(shown)) < TOLERANCE:
        return ratio
    part = Fraction(ratio).limit_denominator(FINEST_PART)
    is_exact = abs(float(part) - ratio) <= TOLERANCE**2 * ratio
    return float(part.numerator) if is_exact and 0 < part.numerator <= LARGEST_STEP else None


def is_whole(quantity):
    """Return whether a quantity is a whole number above 0, but for what floats lose."""
    return quantity > 0 and abs(quantity - round(quantity)) < TOLERANCE / 2
