"""The service target of a product by the tiers of those who buy it."""

from __future__ import annotations

from collections.abc import Iterable

# A tier that takes less of the quantity does not decide on its own.
LEAST_SHARE = 0.05
# Floats that are shares may miss by a hair.
HAIR = 1e-9


def highest_target(mix: Iterable[tuple[float, float]]) -> float | None:
    """Return the highest target among tiers that take at least 5 % of the quantity.

    :param mix: pairs (share of the quantity, target); a target of 0 is none
    :return: None where none of them has one
    """
    targets = [target for share, target in mix if target and share >= LEAST_SHARE - HAIR]
    return max(targets, default=None)


def weighted_target(mix: Iterable[tuple[float, float]], otherwise: float) -> float | None:
    """Return the sum of share times target; never of the quantiles that belong to them.

    :param mix: pairs (share of the quantity, target); a target of 0 is none
    :param otherwise: the target of tiers, and of customers without a tier, that have none
    :return: None where no tier has a target
    """
    mix = list(mix)
    if not any(target for _share, target in mix):
        return None
    return sum(share * (target or otherwise) for share, target in mix)
