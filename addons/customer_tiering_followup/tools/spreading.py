"""How work is spread over days."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence


def spread(count: int, loads: Sequence[int], limit: int = 0) -> list[int]:
    """Return how many of some tasks each day takes, so that the days are as even as they can be.

    :param count: how many tasks there are; those that no day has room for are left over
    :param loads: how many tasks each day has already, the earliest day first
    :param limit: the most tasks that a day may have; 0 for any number
    """
    top = limit or max(loads, default=0) + count
    # The least level to which all days, filled up, take every task.
    level = bisect_left(range(top), count, key=lambda level: sum(_rooms(loads, level)))
    taken = _rooms(loads, level)
    surplus = sum(taken) - count
    for day in reversed(range(len(taken))):
        if surplus > 0 and taken[day]:
            taken[day] -= 1
            surplus -= 1
    return taken


def _rooms(loads, level):
    return [max(0, level - load) for load in loads]
