"""How long it takes, and what it costs, to have another vendor deliver."""

DAYS_A_YEAR = 365


def switching_days(qualification_days, tooling_days, lead_days):
    """Return the days from the decision to the first receipt."""
    return round((qualification_days or 0) + (tooling_days or 0) + (lead_days or 0))


def switching_cost(one_off_cost, price, other_price, daily_demand):
    """Return the one-off cost and the difference of a year's purchases; None: a price is unknown.

    :param price: what a unit costs today
    :param other_price: what it costs at the other vendor; below ``price`` this saves something
    """
    if price is None or other_price is None:
        return None
    return (one_off_cost or 0.0) + (other_price - price) * daily_demand * DAYS_A_YEAR
