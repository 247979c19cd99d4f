"""The least value of a smooth function, by Broyden, Fletcher, Goldfarb and Shanno."""

from math import isfinite, sqrt

# Of the sufficient decrease (Armijo), and how often a step is halved before it is given up.
_DECREASE = 1e-4
_HALVINGS = 40
# No single step goes further: parameters are logarithms, of which 3 are a factor of 20.
_LONGEST_STEP = 3.0


class NoMinimumError(Exception):
    """The function has no minimum that can be reached from the start."""


def minimise(function, start, tolerance=1e-7, most_steps=250):
    """Return the point of the least value, and the value.

    :param function: returns, for a point, the value and the gradient
    :param start: the point to begin with, as a list of floats
    :param tolerance: the largest component of the gradient at the end
    :raise NoMinimumError: when the gradient does not vanish in so many steps
    """
    point = list(start)
    value, gradient = function(point)
    inverse, is_first = _identity(len(point)), True
    for _step in range(most_steps):
        if max(map(abs, gradient)) <= tolerance:
            return point, value
        direction = [-_dot(row, gradient) for row in inverse]
        if _dot(direction, gradient) >= 0:
            inverse, is_first = _identity(len(point)), True
            direction = [-component for component in gradient]
        found = _search(function, point, value, gradient, _shortened(direction))
        if found is None:
            if is_first:
                break
            inverse, is_first = _identity(len(point)), True
            continue
        moved, new_value, new_gradient = found
        step = [new - old for new, old in zip(moved, point, strict=True)]
        change = [new - old for new, old in zip(new_gradient, gradient, strict=True)]
        curvature = _dot(step, change)
        if curvature > 1e-14:
            if is_first:
                inverse = _identity(len(point), curvature / _dot(change, change))
            inverse, is_first = _updated(inverse, step, change, curvature), False
        point, value, gradient = moved, new_value, new_gradient
    # Where sums of floats are exact to some digits only, the gradient may stay a little above.
    if max(map(abs, gradient)) <= 100 * tolerance:
        return point, value
    raise NoMinimumError


def _search(function, point, value, gradient, direction):
    """Return the first point on the way that is low enough, with value and gradient."""
    slope, length = _dot(gradient, direction), 1.0
    for _halving in range(_HALVINGS):
        moved = [old + length * part for old, part in zip(point, direction, strict=True)]
        try:
            new_value, new_gradient = function(moved)
        except (OverflowError, ValueError, ZeroDivisionError):
            new_value = float("inf")
        if isfinite(new_value) and new_value <= value + _DECREASE * length * slope:
            return moved, new_value, new_gradient
        # The least of the parabola through both values and the slope, within reason.
        if isfinite(new_value):
            least = -slope * length / (2 * ((new_value - value) / length - slope))
            length = min(max(least, 0.1 * length), 0.5 * length)
        else:
            length *= 0.1
    return None


def _updated(inverse, step, change, curvature):
    product = [_dot(row, change) for row in inverse]
    factor = (1 + _dot(change, product) / curvature) / curvature
    return [
        [
            inverse[i][j]
            + factor * step[i] * step[j]
            - (product[i] * step[j] + step[i] * product[j]) / curvature
            for j in range(len(step))
        ]
        for i in range(len(step))
    ]


def _shortened(direction):
    length = sqrt(_dot(direction, direction))
    return [part * min(1.0, _LONGEST_STEP / length) for part in direction]


def _identity(size, scale=1.0):
    return [[scale * (i == j) for j in range(size)] for i in range(size)]


def _dot(left, right):
    return sum(one * other for one, other in zip(left, right, strict=True))
