"""Classes of spend and how concentrated it is."""

from math import fsum

# Sums of amounts miss their target by a hair.
HAIR = 1e-9


def abc_classes(values, first_share=80.0, second_share=95.0):
    """Return the class, ``a``, ``b`` or ``c``, by key.

    The greatest value comes first, ties by key. The class goes by the sum *before* each, so that
    who crosses a line is in the better class. What is not above 0 is in the last class and no part
    of the total.

    :param values: the value by key
    :param first_share: up to which percentage of the total the first class reaches
    :param second_share: the same of the second class
    """
    total = fsum(value for value in values.values() if value > 0)
    classes, before = {}, 0.0
    for key, value in sorted(values.items(), key=lambda pair: (-pair[1], pair[0])):
        if value <= 0:
            classes[key] = "c"
            continue
        share = 100 * before / total + HAIR
        classes[key] = "a" if share < first_share else "b" if share < second_share else "c"
        before += value
    return classes


def shares(values):
    """Return each one's share of the total, 0 to 1, by key; what is not above 0 has none."""
    total = fsum(value for value in values.values() if value > 0)
    return {key: max(value, 0.0) / total if total else 0.0 for key, value in values.items()}


def hhi(values):
    """Return the Herfindahl–Hirschman index: the sum of squared shares, 1 for one vendor alone.

    :param values: amounts, an iterable; without any above 0 there is no index
    """
    found = shares(dict(enumerate(values)))
    return fsum(share * share for share in found.values()) if any(found.values()) else None
