"""The stock of a product at a place, who waits for it, and what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from math import ceil

from .allocation import Allotment, Claim, allocate
from .reserve import Reserve

NONE, PRIORITY, RESERVE = "none", "priority", "reserve"


@dataclass
class Pool:
    """What is free of a product at a place.

    :ivar allocation: ``none`` (first come, first served), ``priority`` (better tiers first) or
        ``reserve`` (and something is kept for them)
    :ivar next_day: of the first receipt that is still to come, if there is one
    :ivar reserve: what is known of the demand; None where no agreement keeps the product
    """

    company_id: int
    product_id: int
    root_id: int
    free: float
    allocation: str
    next_day: date | None = None
    reserve: Reserve | None = None
    line_id: int | None = None
    claims: list[Claim] = field(default_factory=list)

    @classmethod
    def from_row(cls, row: dict) -> Pool:
        """Return the pool that a row of :func:`~..engine.pools_query` is about."""
        return cls(
            row["company_id"],
            row["product_id"],
            row["root_id"],
            row["free"],
            row["allocation"] or NONE,
            row["next_day"],
            Reserve(
                row["daily_demand"],
                row["deviation"],
                days_to_cover(row["today"], row["next_day"], row["lead_days"]),
                tuple(tuple(pair) for pair in row["shares"] or ()),
                row["reserve_level"],
            )
            if row["line_id"]
            else None,
            row["line_id"],
        )

    def get_reserve(self, rank: float) -> int:
        """Return how much is kept for the tiers better than one of a rank."""
        if self.allocation != RESERVE or not self.reserve:
            return 0
        return self.reserve.get_quantity(rank)

    def allocate(self) -> dict[int, Allotment]:
        """Return what each claim may take, by its id; nothing where who comes first is served."""
        if self.allocation == NONE:
            return {}
        return allocate(self.free, self.claims, self.get_reserve)

    def get_share(self, claim_id: int) -> float:
        """Return what a claim would have in all if it held nothing yet."""
        [claim] = (claim for claim in self.claims if claim.id == claim_id)
        others = [other for other in self.claims if other.id != claim_id]
        found = allocate(
            max(self.free, 0) + claim.held, [*others, replace(claim, held=0.0)], self.get_reserve
        )
        return found[claim_id].quantity


def days_to_cover(today: date, next_day: date | None, lead_days: float) -> int:
    """Return for how many days the stock must last.

    That is until the next receipt. One that is late may come tomorrow; where none is to come, what
    is ordered now comes after the lead time.
    """
    if next_day:
        return max((next_day - today).days, 1)
    return max(ceil(lead_days or 0), 1)
