"""Which judgements to look at again where they contradict each other.

Every pair is tried at every step of the scale. Two judgements are looked for only where one is not
enough. The consistency ratio of the eigenvector has a single minimum along the scale, because the
greatest eigenvalue is convex in the logarithms of the judgements (J. F. C. Kingman, 1961).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from .ahp import MOST_INCONSISTENT, MOST_STEPS, make_matrix, prioritize, ratio_of

Pair = tuple[int, int]

# Beyond so many elements only the most promising judgements are tried, as first and as second.
MOST_TRIED_IN_FULL = 6
FIRST_TRIED, SECOND_TRIED = 3, 12
_SCALE = range(-MOST_STEPS, MOST_STEPS + 1)
# Ratios that differ by less are the same.
_DIGITS = 9


@dataclass(frozen=True)
class Advice:
    """Other judgements of one or two pairs, and what they bring.

    :ivar changes: the new step of each pair
    :ivar cr: the consistency ratio then
    :ivar distance: by how many steps the judgements move, together
    :ivar weights: of the elements then
    """

    changes: dict[Pair, int]
    cr: float
    distance: int
    weights: tuple[float, ...]

    @property
    def rank(self):
        """What comes first: the best ratio, then the fewest steps."""
        return self.cr, self.distance, sorted(self.changes.items())


class Coach:
    """Tries other judgements of one judge.

    :param steps: the judgement of every pair of elements, as a step of the scale
    :param most: up to which ratio judgements are consistent enough
    """

    def __init__(
        self,
        size: int,
        steps: dict[Pair, int],
        method: str,
        table: str,
        most: float = MOST_INCONSISTENT,
    ):
        self._size, self._steps = size, dict(steps)
        self._method, self._table, self._most = method, table, most
        self._matrix = make_matrix(size, steps)

    def mends(self, advice: Advice) -> bool:
        """Return whether judgements are consistent enough once an advice is taken."""
        return advice.cr <= self._most

    def advise(self) -> list[Advice]:
        """Return the best other step of each pair, best ratio first.

        Where none of them is enough and another pair besides makes it so, these twos come instead.
        """
        single = sorted((self._best_of(pair) for pair in self._steps), key=lambda each: each.rank)
        if not single or self.mends(single[0]):
            return single
        double = [each for each in self._best_twos(single) if self.mends(each)]
        return double or single

    def nearest(self, advice: Advice) -> Advice:
        """Return the least change of the same one pair that is enough, or else the advice."""
        if len(advice.changes) != 1 or not self.mends(advice):
            return advice
        [(pair, step)] = advice.changes.items()
        held = self._steps[pair]
        toward = 1 if step > held else -1
        for nearer in range(held + toward, step, toward):
            found = self._try({pair: nearer})
            if self.mends(found):
                return found
        return advice

    def _best_of(self, pair: Pair) -> Advice:
        held = self._steps[pair]
        tries = (self._try({pair: step}) for step in _SCALE if step != held)
        return min(tries, key=lambda each: each.rank)

    def _best_twos(self, single: list[Advice]) -> list[Advice]:
        """Return the best other steps of two pairs each, best ratio first."""
        pairs = [next(iter(each.changes)) for each in single]
        firsts = pairs
        if self._size > MOST_TRIED_IN_FULL:
            firsts, pairs = pairs[:FIRST_TRIED], pairs[:SECOND_TRIED]
        twos = {
            tuple(sorted((first, second)))
            for first in firsts
            for second in pairs
            if first != second
        }
        found = [self._best_of_two(first, second) for first, second in sorted(twos)]
        return sorted(found, key=lambda each: each.rank)

    def _best_of_two(self, first: Pair, second: Pair) -> Advice:
        def best_with(step):
            return _lowest(lambda other: self._try({first: step, second: other}))

        return _lowest(best_with)

    def _try(self, changes: dict[Pair, int]) -> Advice:
        matrix = self._matrix
        for (i, j), step in changes.items():
            matrix[i][j], matrix[j][i] = ratio_of(step), ratio_of(-step)
        found = prioritize(matrix, self._method, self._table)
        for i, j in changes:
            step = self._steps[i, j]
            matrix[i][j], matrix[j][i] = ratio_of(step), ratio_of(-step)
        distance = sum(abs(step - self._steps[pair]) for pair, step in changes.items())
        return Advice(changes, round(found.cr, _DIGITS), distance, found.weights)


def _lowest(attempt: Callable[[int], Advice]) -> Advice:
    """Return the attempt with the lowest ratio along the scale, which has one minimum there."""
    tried: dict[int, Advice] = {}

    def at(step):
        if step not in tried:
            tried[step] = attempt(step)
        return tried[step]

    low, high = -MOST_STEPS, MOST_STEPS
    while high - low > 2:
        third = (high - low) // 3
        left, right = low + third, high - third
        if at(left).cr <= at(right).cr:
            high = right
        if at(left).cr >= at(right).cr:
            low = left
    return min((at(step) for step in range(low, high + 1)), key=lambda each: each.rank)


def all_pairs(size: int) -> list[Pair]:
    """Return the pairs of so many elements, each the lower place first."""
    return list(combinations(range(size), 2))
