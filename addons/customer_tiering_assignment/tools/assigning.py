"""Who looks after which customers, within what each account manager can do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Manager:
    """An account manager's load and room.

    :ivar customer_capacity: customers that he or she can look after; 0 for any number
    :ivar followup_capacity: follow-ups a week; 0 for any number
    """

    user_id: int
    customers: int
    followups: float
    customer_capacity: int = 0
    followup_capacity: float = 0

    @property
    def is_limited(self) -> bool:
        """Whether a capacity is known, so that customers may be proposed."""
        return bool(self.customer_capacity or self.followup_capacity)

    @property
    def is_over(self) -> bool:
        """Whether there is more to look after than capacity."""
        return self._share(0, 0) > 1

    @property
    def load(self) -> float:
        """The fuller of both capacities, as a share."""
        return self._share(0, 0)

    def has_room_for(self, customer: Customer) -> bool:
        """Return whether one customer more stays within capacity."""
        return self.is_limited and self._share(1, customer.followups) <= 1

    def take(self, customer: Customer) -> None:
        """Look after one customer more."""
        self.customers += 1
        self.followups += customer.followups

    def release(self, customer: Customer) -> None:
        """Look after one customer less."""
        self.customers -= 1
        self.followups -= customer.followups

    def _share(self, customers, followups):
        shares = [0.0]
        if self.customer_capacity:
            shares.append((self.customers + customers) / self.customer_capacity)
        if self.followup_capacity:
            # A week's follow-ups are sums of fractions.
            shares.append(round((self.followups + followups) / self.followup_capacity, 9))
        return max(shares)


@dataclass(frozen=True)
class Customer:
    """A customer to be looked after.

    :ivar rank: lower is better; the best are placed first and released last
    :ivar followups: follow-ups a week that the service level asks for
    :ivar manager_id: who looks after the customer now, or None
    :ivar named_id: whom the service level names for the customer, or None
    """

    partner_id: int
    rank: tuple
    followups: float
    manager_id: int | None = None
    named_id: int | None = None


@dataclass(frozen=True)
class Move:
    """A customer who gets another account manager, and what the new one had before."""

    customer: Customer
    user_id: int
    customers_before: int
    followups_before: float


def assign(managers: list[Manager], customers: list[Customer]) -> list[Move]:
    """Propose account managers; the loads of ``managers`` are changed to those proposed.

    Whoever has an account manager keeps him or her, unless that one is over capacity: then the
    last customers are moved until the rest fits, as far as others have room. Nobody gets more
    than the capacity allows.

    :param customers: those without an account manager, and those of managers over capacity
    :return: the moves, the best customers first
    """
    by_id = {manager.user_id: manager for manager in managers}
    moves = []
    for customer in _to_be_placed(by_id, customers):
        former = by_id.get(customer.manager_id)
        others = [manager for manager in managers if manager is not former]
        fitting = [manager for manager in others if manager.has_room_for(customer)]
        if not fitting:
            continue
        chosen = min(
            fitting,
            key=lambda manager: (
                manager.user_id != customer.named_id,
                manager.load,
                manager.user_id,
            ),
        )
        moves.append(Move(customer, chosen.user_id, chosen.customers, chosen.followups))
        chosen.take(customer)
        if former:
            former.release(customer)
    return moves


def _to_be_placed(by_id, customers):
    """Return who needs an account manager, the best first."""
    ranked = sorted(customers, key=lambda customer: (customer.rank, customer.partner_id))
    released = set()
    rest = {
        manager.user_id: Manager(**vars(manager)) for manager in by_id.values() if manager.is_over
    }
    for customer in reversed(ranked):
        manager = rest.get(customer.manager_id)
        if manager and manager.is_over:
            manager.release(customer)
            released.add(customer.partner_id)
    return [
        customer
        for customer in ranked
        if customer.manager_id is None or customer.partner_id in released
    ]
