"""A product's place in the Kraljic matrix: what it means for us, and how hard it is to replace.

After P. Kraljic, "Purchasing must become supply management", Harvard Business Review, 1983. The
parts and weights of the risk are this add-on's own, see readme/DESCRIPTION.rst.
"""

from math import fsum


def sources_risk(others):
    """Return the points for the qualified sources beside the main vendor: 100, 50, or 0."""
    return {0: 100.0, 1: 50.0}.get(others, 0.0)


def switching_risk(cover_days, switching_days):
    """Return the points for how little of the switching time is covered by what is on hand.

    :param cover_days: days that the stock lasts; None: not known
    :param switching_days: days until another vendor delivers
    """
    if cover_days is None or switching_days is None:
        return None
    if switching_days <= 0:
        return 0.0
    return 100.0 * min(max(1 - cover_days / switching_days, 0.0), 1.0)


def delivery_risk(points):
    """Return what the main vendor's delivery points lack to 100; None: not rated."""
    return None if points is None else 100.0 - points


def risk(parts):
    """Return the weighted mean of the parts that are known, 0 to 100; None without any.

    :param parts: pairs (weight, points)
    """
    known = [(weight, points) for weight, points in parts if points is not None and weight > 0]
    total = fsum(weight for weight, _points in known)
    if not total:
        return None
    return round(fsum(weight * points for weight, points in known) / total, 6)


def quadrant(spend_class, points, high=50.0):
    """Return ``strategic``, ``leverage``, ``bottleneck`` or ``routine``.

    :param spend_class: of the product; the first class has a high impact
    :param points: of its risk; from ``high`` on it is high
    """
    is_risky = points is not None and points >= high
    if spend_class == "a":
        return "strategic" if is_risky else "leverage"
    return "bottleneck" if is_risky else "routine"
