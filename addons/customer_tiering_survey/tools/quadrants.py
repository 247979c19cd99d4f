"""The importance–performance matrix of Martilla and James (1977)."""

from statistics import fmean

# Differences of means below this are noise of floating point: such figures are equal.
EPSILON = 1e-9


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
