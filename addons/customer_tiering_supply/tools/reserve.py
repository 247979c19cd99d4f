"""How much to keep for customers of better tiers until the next receipt, and what that costs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import inf
from random import Random

from odoo.addons.supply_partner.tools import covering_quantities, covering_quantity

# So many demands are drawn for an outlook, at evenly spread probabilities.
DRAWS = 200
LEVELS = [(number + 0.5) / DRAWS for number in range(DRAWS)]


@dataclass(frozen=True)
class Reserve:
    """What is known of the demand for a product at a place until the next receipt.

    :ivar daily: mean demand a day
    :ivar deviation: its deviation a day
    :ivar days: until the next receipt
    :ivar shares: pairs (rank of a tier, its share of the demand)
    :ivar level: how likely it is that the reserve lasts
    """

    daily: float
    deviation: float
    days: int
    shares: tuple[tuple[float, float], ...]
    level: float

    def with_level(self, level: float) -> Reserve:
        """Return the same with another likelihood that the reserve lasts."""
        return replace(self, level=level)

    def get_quantity(self, rank: float) -> int:
        """Return how much is kept for the tiers better than one of a rank."""
        mean, variance = self.get_better(rank)
        return covering_quantity(mean, variance, self.level)

    def get_better(self, rank: float = inf) -> tuple[float, float]:
        """Return mean and variance of the demand of the tiers better than one of a rank."""
        share = min(sum(share for other, share in self.shares if other < rank), 1.0)
        return share_of_demand(share, self.daily * self.days, self.deviation**2 * self.days)


def share_of_demand(share: float, mean: float, variance: float) -> tuple[float, float]:
    """Return mean and variance of the units of a demand of which each is somebody's by chance.

    The variance is that of a binomial choice among a random number (law of total variance).
    """
    return share * mean, share**2 * variance + share * (1 - share) * mean


@dataclass(frozen=True)
class Outlook:
    """What customers of one rank can expect of the stock until the next receipt.

    :ivar wanted: their mean demand
    :ivar served: how much of it they get as the orders come
    :ivar served_with_reserve: how much of it they get when something is kept for better tiers
    """

    rank: float
    wanted: float
    served: float
    served_with_reserve: float


def foresee(free: float, reserve: Reserve) -> list[Outlook]:
    """Return what each rank can expect of what is free, the best rank first.

    A fixed sample of demands is drawn, whose orders come evenly mixed. First come, first served,
    all get the same share; with a reserve a tier gets nothing once only what is kept from it is
    left.
    """
    mean, variance = reserve.daily * reserve.days, reserve.deviation**2 * reserve.days
    known = min(sum(share for _rank, share in reserve.shares), 1.0)
    shares = {rank: share for rank, share in sorted(reserve.shares) if share > 0}
    if known < 1 - 1e-6:
        shares[inf] = 1 - known
    free = max(free, 0.0)
    kept = {rank: reserve.get_quantity(rank) for rank in shares}
    samples = {
        rank: _sample(*share_of_demand(share, mean, variance), seed)
        for seed, (rank, share) in enumerate(shares.items())
    }
    served, guarded, wanted = (dict.fromkeys(shares, 0.0) for _ in range(3))
    for demands in zip(*samples.values(), strict=True):
        demands = dict(zip(samples, demands, strict=True))
        for rank, demand in demands.items():
            wanted[rank] += demand / DRAWS
        for sums, limits in ((served, dict.fromkeys(shares, 0)), (guarded, kept)):
            for rank, quantity in _sell(free, demands, limits).items():
                sums[rank] += quantity / DRAWS
    return [Outlook(rank, wanted[rank], served[rank], guarded[rank]) for rank in shares]


def _sell(free, demands, kept):
    """Return what each rank gets of demands that come evenly mixed.

    :param demands: by rank, the best first
    :param kept: what is left to better ranks, by rank, never less for a lower one
    """
    got = dict.fromkeys(demands, 0.0)
    wanting, left = dict(demands), free
    for lowest in reversed(list(demands)):
        total = sum(wanting.values())
        part = min(max(left - kept[lowest], 0.0) / total, 1.0) if total else 0.0
        for rank, demand in wanting.items():
            got[rank] += demand * part
            wanting[rank] = demand * (1 - part)
        left -= total * part
        del wanting[lowest]
    return got


def _sample(mean, variance, seed):
    """Return demands, the same each time: evenly spread probabilities in a shuffled order."""
    demands = covering_quantities(mean, variance, LEVELS)
    Random(seed).shuffle(demands)
    return demands
