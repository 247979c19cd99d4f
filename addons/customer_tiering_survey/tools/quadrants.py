"""The importance–performance matrix of Martilla and James (1977), and beside a competitor's.

With a competitor, the difference of both performances takes the place of one's own: the
competitive importance–performance analysis of Burns (1986).
"""

from statistics import fmean

# Differences of means below this are noise of floating point: such figures are equal.
EPSILON = 1e-9
# The drawing area of a matrix, in units of the picture: left, top, and length of a side.
PLOT = 26, 8, 312
# Aspects that lie closer to each other share one mark.
MARK_DISTANCE = 12


def find_means(figures):
    """Return the means over the aspects that have both figures, which divide the matrix.

    :param figures: (importance, performance) of each aspect, None where it was not asked
    :return: (mean importance, mean performance), or None without such an aspect
    """
    placed = [pair for pair in figures if None not in pair]
    if not placed:
        return None
    return tuple(map(fmean, zip(*placed, strict=True)))


def place(importance, performance, means):
    """Return the quadrant of an aspect; a figure that equals its mean is on the high side.

    :param importance: its mean importance, or None
    :param performance: its mean performance, or None
    :param means: what :func:`find_means` returns
    :return: ``keep_up``, ``improve_first``, ``overdone`` or ``low_priority``; None for an
        aspect that lacks a figure
    """
    if means is None or importance is None or performance is None:
        return None
    is_important = importance >= means[0] - EPSILON
    is_well_done = performance >= means[1] - EPSILON
    if is_important:
        return "keep_up" if is_well_done else "improve_first"
    return "overdone" if is_well_done else "low_priority"


def place_beside(importance, gap, mean_importance):
    """Return the quadrant of an aspect beside a competitor; a figure on a line is on its high side.

    :param importance: its mean importance, or None
    :param gap: mean of one's own performance less the competitor's, or None
    :param mean_importance: mean importance of the aspects with both figures, or None
    :return: ``defend``, ``catch_up``, ``minor_strength`` or ``minor_weakness``; None for an
        aspect that lacks a figure
    """
    if None in (importance, gap, mean_importance):
        return None
    is_ahead = gap >= -EPSILON
    if importance >= mean_importance - EPSILON:
        return "defend" if is_ahead else "catch_up"
    return "minor_strength" if is_ahead else "minor_weakness"


def lay_out(pairs, centre):
    """Return the marks of the placed aspects: [{"x", "y", "text": their numbers}].

    The centre is in the middle and the aspect that is farthest from it near the edge: aspects of
    one survey lie so close together that the whole scale would show one heap.

    :param pairs: (figure upwards, figure to the right) of each aspect, None where there is none
    :param centre: the figures in the middle
    """
    left, top, side = PLOT
    farthest = max(
        (
            abs(figure - middle)
            for pair in pairs
            if None not in pair
            for figure, middle in zip(pair, centre, strict=True)
        ),
        default=0,
    )
    scale = 0.42 * side / max(farthest, 0.1)
    marks = []
    for number, pair in enumerate(pairs, start=1):
        if None in pair:
            continue
        x = left + side / 2 + scale * (pair[1] - centre[1])
        y = top + side / 2 - scale * (pair[0] - centre[0])
        near = [
            mark
            for mark in marks
            if abs(mark["x"] - x) < MARK_DISTANCE and abs(mark["y"] - y) < MARK_DISTANCE
        ]
        if near:
            near[0]["text"] += f", {number}"
        else:
            marks.append({"x": round(x, 1), "y": round(y, 1), "text": str(number)})
    return marks
