"""What happens to a product if one of its vendors stops today."""

from dataclasses import dataclass
from datetime import date, timedelta
from math import floor

# Quantities are compared with this much of room.
HAIR = 1e-6
# What lasts for longer does not run out, as far as anybody can say.
LONGEST_DAYS = 3650


@dataclass(frozen=True)
class Outcome:
    """What runs out when, and what that means.

    :ivar days: from today to the day on which it runs out; None: it does not
    :ivar out_date: that day
    :ivar safe_date: the last day on which an order elsewhere still comes in time
    :ivar at_stake: the sales value of the days without, until another vendor delivers
    """

    days: int | None = None
    out_date: date | None = None
    safe_date: date | None = None
    at_stake: float = 0.0


def days_until_out(supply, daily_demand, deliveries=()):
    """Return the days from today to the first on which the need is greater than the supply.

    The need up to a day is what is to be delivered by then or the demand up to then, whichever is
    more. None: for years it is not.

    :param supply: what is on hand and what others have still to bring
    :param deliveries: pairs (days from today, quantity) of what is to be delivered; overdue: 0
    """
    found = []
    upto = 0.0
    for days, quantity in sorted(deliveries):
        upto += quantity
        if upto > supply + HAIR:
            found.append(max(days, 0))
            break
    if daily_demand > 0 and supply / daily_demand <= LONGEST_DAYS:
        found.append(max(floor(supply / daily_demand + HAIR) + 1, 0))
    return min(found, default=None)


def drill(today, supply, daily_demand, price, switching_days, deliveries=()):
    """Return the :class:`Outcome` for a product.

    :param price: of a unit, at which it is sold
    :param switching_days: from the order at another vendor to what it brings
    """
    days = days_until_out(supply, daily_demand, deliveries)
    if days is None or days > LONGEST_DAYS:
        return Outcome()
    out = today + timedelta(days=days)
    return Outcome(
        days,
        out,
        out - timedelta(days=switching_days),
        max(0, switching_days - days) * daily_demand * price,
    )
