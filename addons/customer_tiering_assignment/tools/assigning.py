"""Proposals of account managers for customers, within the capacity of each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Manager:
    """An account manager's workload and capacity.

    :ivar customers: number of customers
    :ivar followups: follow-ups per week that their service levels need
    :ivar customer_capacity: number of customers; 0 for no limit
    :ivar followup_capacity: follow-ups per week; 0 for no limit
    """

    user_id: int
    customers: int
    followups: float
    customer_capacity: int = 0
    followup_capacity: float = 0

    @property
    def is_limited(self) -> bool:
        """Whether a capacity is set, so that customers may be proposed."""
        return bool(self.customer_capacity or self.followup_capacity)

    @property
    def is_over(self) -> bool:
        """Whether the workload exceeds the capacity."""
        return self._share(0, 0) > 1

    @property
    def utilization(self) -> float:
        """The workload by the capacity, of customers or of follow-ups: the higher share."""
        return self._share(0, 0)

    def has_capacity_for(self, customer: Customer) -> bool:
        """Return whether the workload stays within capacity with one customer more."""
        return self.is_limited and self._share(1, customer.followups) <= 1

    def add(self, customer: Customer) -> None:
        """Count one customer more."""
        self.customers += 1
        self.followups += customer.followups

    def remove(self, customer: Customer) -> None:
        """Count one customer less."""
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
    """A customer in a tier.

    :ivar rank: lower is better; the best are assigned first and reassigned last
    :ivar followups: follow-ups per week that the service level needs
    :ivar manager_id: the present account manager, or None
    :ivar named_id: the account manager of the service level, or None
    """

    partner_id: int
    rank: tuple
    followups: float
    manager_id: int | None = None
    named_id: int | None = None


@dataclass(frozen=True)
class Reassignment:
    """A customer's new account manager, with the workload that this one had before."""

    customer: Customer
    user_id: int
    customers_before: int
    followups_before: float


def assign(managers: list[Manager], customers: list[Customer]) -> list[Reassignment]:
    """Propose account managers; the workload of ``managers`` is changed to the proposed one.

    Customers keep their account manager, unless the workload of that one exceeds the capacity:
    then the last customers are reassigned until the rest fits, as far as others have capacity.
    No proposal exceeds a capacity. The account manager of the service level comes first, then the
    account manager with the lowest utilization, then the lower user id.

    :param customers: those without an account manager, and those of managers over capacity
    :return: the reassignments, the best customers first
    """
    by_id = {manager.user_id: manager for manager in managers}
    reassignments = []
    for customer in _to_be_assigned(by_id, customers):
        former = by_id.get(customer.manager_id)
        others = [manager for manager in managers if manager is not former]
        fitting = [manager for manager in others if manager.has_capacity_for(customer)]
        if not fitting:
            continue
        proposed = min(
            fitting,
            key=lambda manager: (
                manager.user_id != customer.named_id,
                manager.utilization,
                manager.user_id,
            ),
        )
        reassignments.append(
            Reassignment(customer, proposed.user_id, proposed.customers, proposed.followups)
        )
        proposed.add(customer)
        if former:
            former.remove(customer)
    return reassignments


def _to_be_assigned(by_id, customers):
    """Return the customers who need another account manager, the best first."""
    ranked = sorted(customers, key=lambda customer: (customer.rank, customer.partner_id))
    surplus = set()
    rest = {
        manager.user_id: Manager(**vars(manager)) for manager in by_id.values() if manager.is_over
    }
    for customer in reversed(ranked):
        manager = rest.get(customer.manager_id)
        if manager and manager.is_over:
            manager.remove(customer)
            surplus.add(customer.partner_id)
    return [
        customer
        for customer in ranked
        if customer.manager_id is None or customer.partner_id in surplus
    ]
