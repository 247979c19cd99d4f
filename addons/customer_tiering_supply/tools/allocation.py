"""Who gets how much of what is not enough for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from math import floor, inf

from odoo.tools import groupby

# A sum of fractions may miss a whole number by a hair.
HAIR = 1e-6

FULL, REST, SHARE, BETTER, RESERVE, NOTHING = (
    "full", "rest", "share", "better", "reserve", "nothing",
)  # fmt: skip


@dataclass(frozen=True)
class Claim:
    """What somebody waits for.

    :ivar id: breaks ties; the lowest comes first
    :ivar need: what was ordered and is not delivered, in the product's unit
    :ivar held: how much of it is reserved already
    :ivar rank: of the customer's tier, the lowest being the best; infinite without a tier
    :ivar is_urgent: whether somebody, or the tier's service level, marked it as urgent
    :ivar is_late: whether it has waited so long that it comes before all others
    :ivar step: what is reserved is a multiple of this, unless it is all that is missing
    """

    id: int
    need: float
    held: float = 0.0
    rank: float = inf
    is_urgent: bool = False
    is_late: bool = False
    step: float = 1.0

    @property
    def open(self) -> float:
        """What is still to be reserved."""
        return max(self.need - self.held, 0.0)

    @property
    def turn(self) -> tuple:
        """What comes first is smaller; equals have the same."""
        if self.is_late:
            return (0, 0, 0)
        return (1, 0 if self.is_urgent else 1, self.rank)


@dataclass(frozen=True)
class Allotment:
    """What a claim may take of what is free, and why it is not more.

    :ivar reason: ``full`` (all it needs), ``rest`` (all that is left), ``share`` (a fair share
        among equals), ``better`` (others come first), ``reserve`` (some is kept for better tiers)
        or ``nothing`` (there is none)
    """

    quantity: float
    reason: str


def allocate(
    free: float, claims: Iterable[Claim], get_reserve: Callable[[float], float] = lambda rank: 0
) -> dict[int, Allotment]:
    """Return what each claim may take, by its id.

    Those that have waited too long come first, then the urgent ones, then the better tiers. Equals
    share what is left for them. For customers of better tiers who have not ordered yet something
    is kept, except from those that have waited too long.

    :param free: what is in stock and not reserved
    :param get_reserve: how much is kept for the tiers better than one of a rank
    """
    found = {}
    left = max(free, 0.0)
    for turn, equals in groupby(sorted(claims, key=lambda claim: claim.turn), lambda c: c.turn):
        kept = 0 if turn[0] == 0 else get_reserve(turn[2])
        limit = max(left - kept, 0.0)
        wanted = sum(claim.open for claim in equals)
        if wanted <= limit + HAIR:
            shares = {claim.id: claim.open for claim in equals}
        else:
            shares = fair_shares(limit, equals)
        for claim in equals:
            found[claim.id] = Allotment(
                shares[claim.id], _reason(claim, shares, limit, left, free, len(equals))
            )
        left -= sum(shares.values())
    return found


def _reason(claim, shares, limit, left, free, count):
    if shares[claim.id] >= claim.open - HAIR:
        return FULL
    if free <= HAIR:
        return NOTHING
    if left <= HAIR:
        return BETTER
    if limit < left - HAIR:
        return RESERVE
    return SHARE if count > 1 else REST


def fair_shares(total: float, claims: list[Claim]) -> dict[int, float]:
    """Share out less than is wanted, by what was ordered and is not delivered.

    What somebody holds counts towards the share, and is not taken away. Shares are whole steps, the
    rest going by the largest remainder (Hamilton's method) and then by id; who alone is left gets
    the rest as it is.

    :return: what each gets in addition to what it holds, by id; no more than ``total`` together
    """
    shares = {claim.id: 0.0 for claim in claims}
    active = [claim for claim in claims if claim.open > 0]
    while active:
        ratio = (total + sum(claim.held for claim in active)) / sum(claim.need for claim in active)
        above = [claim for claim in active if claim.held > claim.need * ratio + HAIR]
        if not above:
            break
        active = [claim for claim in active if claim not in above]
    if len(active) == 1:
        [claim] = active
        shares[claim.id] = min(total, claim.open)
        return shares
    quotas = {claim.id: max(claim.need * ratio - claim.held, 0.0) for claim in active}
    for claim in active:
        steps = floor(quotas[claim.id] / claim.step + HAIR)
        shares[claim.id] = steps * claim.step
    left = total - sum(shares.values())
    by_remainder = sorted(
        active,
        key=lambda claim: (
            -round((quotas[claim.id] - shares[claim.id]) / claim.step, 6),
            claim.id,
        ),
    )
    moved = True
    while moved:
        moved = False
        for claim in by_remainder:
            more = min(claim.step, claim.open - shares[claim.id])
            if HAIR < more <= left + HAIR:
                shares[claim.id] += more
                left -= more
                moved = True
    return shares
