"""What weights and ratings make of vendors, and how far the result is from another one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

# Scores that differ by less are the same.
_SAME = 1e-9


@dataclass(frozen=True)
class Flip:
    """A weight of a criterion from which on another vendor leads.

    :ivar criterion: the criterion's key
    :ivar challenger: place of the vendor that leads then
    :ivar weight: the weight
    :ivar distance: how far that is from the weight that the criterion has
    """

    criterion: int
    challenger: int
    weight: float
    distance: float


def points_of(value: float, worst: float, best: float) -> float:
    """Return from 0 to 1 where a figure lies between one that is worth nothing and the best."""
    return min(1.0, max(0.0, (value - worst) / (best - worst)))


def scores_of(weights: Mapping[int, float], ratings: Sequence[Mapping[int, float]]) -> list[float]:
    """Return the score from 0 to 1 of each vendor.

    :param weights: of the criteria, by their key; together 1
    :param ratings: from 0 to 1, of each vendor by criterion; what is missing counts 0
    """
    return [sum(weights[key] * rating.get(key, 0.0) for key in weights) for rating in ratings]


def places_of(scores: Sequence[float]) -> list[int]:
    """Return the rank of each score, from 1 on; equal scores share one."""
    return [1 + sum(other > score + _SAME for other in scores) for score in scores]


def rest_of(weights: Mapping[int, float], rating: Mapping[int, float], key: int) -> float | None:
    """Return a vendor's score without a criterion; None where it is the only one that counts."""
    others = sum(weight for other, weight in weights.items() if other != key)
    if others < _SAME:
        return None
    rest = sum(weight * rating.get(other, 0.0) for other, weight in weights.items() if other != key)
    return rest / others


def find_flips(weights: Mapping[int, float], ratings: Sequence[Mapping[int, float]]) -> list[Flip]:
    """Return at which weight of each criterion another vendor passes the first, nearest first.

    The weights of the other criteria keep their proportions. A vendor that is level with the first
    already, or gets level only at a weight of 0 or 1, does not pass it.
    """
    scores = scores_of(weights, ratings)
    if len(scores) < 2:
        return []
    first = scores.index(max(scores))
    flips = []
    for key, weight in weights.items():
        rest = rest_of(weights, ratings[first], key)
        if rest is None:
            continue
        for place, rating in enumerate(ratings):
            lead = rest - rest_of(weights, rating, key)
            gain = rating.get(key, 0.0) - ratings[first].get(key, 0.0)
            if place == first or abs(lead + gain) < _SAME:
                continue
            at = lead / (lead + gain)
            if _SAME < at < 1 - _SAME and scores[first] - scores[place] > _SAME:
                flips.append(Flip(key, place, at, abs(at - weight)))
    return sorted(flips, key=lambda flip: (flip.distance, flip.criterion, flip.challenger))
