"""A forecast of a product's demand from its weeks: pure functions, without a database.

The review finds the same by SQL for all lines at once (``engine/forecast.py``); these say what the
words mean, and are what a test or a benchmark holds against it.
"""

from dataclasses import dataclass
from statistics import fmean, variance

# The weight of the latest week.
SMOOTHING = 0.1
# So many weeks are looked at; with a season, two whole years.
WEEKS, SEASON_WEEKS = 52, 104
# A week with stock on fewer days says nothing about what was wanted.
FEWEST_STOCKED_DAYS = 2
# With fewer counted weeks a product is new.
FEWEST_WEEKS = 8
# Average weeks between weeks with demand, and squared variation of their sizes: from these on
# demand is intermittent and erratic (Syntetos, Boylan and Croston, 2005).
INTERMITTENT, ERRATIC = 1.32, 0.49
# One week with at least this share of all demand is said.
GIANT_SHARE = 0.5
# No month is taken to sell less than this share of the mean.
LEAST_SEASON = 0.2

CLASSES = ("smooth", "erratic", "intermittent", "lumpy", "new")
FLAGS = ("one_week", "few_weeks", "predecessor", "no_demand", "giant")


@dataclass(frozen=True)
class Forecast:
    """What weeks say about those to come.

    :ivar weeks: how many were counted
    :ivar rate: demand a week
    :ivar variance: of a week's demand, that of a sample; 0 of a single week
    :ivar demand_class: one of ``CLASSES``
    :ivar flag: one of ``FLAGS`` that a reader should know of, or None
    """

    weeks: int
    rate: float
    variance: float
    demand_class: str
    flag: str | None


def counted_demand(weeks):
    """Return the demand of the weeks that count, each as if there had been stock all week.

    :param weeks: pairs (demand, days with stock at their start or any demand), the oldest first
    """
    return [
        demand * 7 / stocked_days
        for demand, stocked_days in weeks
        if stocked_days >= FEWEST_STOCKED_DAYS
    ]


def smooth(counted, smoothing=SMOOTHING):
    """Return the exponentially smoothed demand a week, begun at the first counted week.

    The latest week weighs 0.1, each one before it 0.9 times as much, the first one the rest.

    :param counted: demand of counted weeks, the oldest first
    :param smoothing: the weight of the latest week
    """
    if not counted:
        return 0.0
    kept = 1 - smoothing
    first, *others = counted
    total = first * kept ** len(others)
    return total + sum(
        smoothing * kept**age * demand for age, demand in enumerate(reversed(others))
    )


def classify(counted):
    """Return the class of demand: by how often something is wanted, and how much that varies."""
    if len(counted) < FEWEST_WEEKS:
        return "new"
    sizes = [demand for demand in counted if demand > 0]
    if not sizes:
        return "intermittent"
    variation = variance(sizes) / fmean(sizes) ** 2 if len(sizes) > 1 else 0.0
    is_rare = len(counted) / len(sizes) >= INTERMITTENT
    is_uneven = variation >= ERRATIC
    if is_rare:
        return "lumpy" if is_uneven else "intermittent"
    return "erratic" if is_uneven else "smooth"


def find_flag(counted):
    """Return what about the weeks a reader should know, the most telling only."""
    if len(counted) < FEWEST_WEEKS:
        return "one_week" if len(counted) == 1 else "few_weeks"
    total = sum(demand for demand in counted if demand > 0)
    if not total:
        return "no_demand"
    return "giant" if max(counted) >= GIANT_SHARE * total else None


def forecast(weeks):
    """Return the :class:`Forecast` of weeks as :func:`counted_demand` takes them."""
    counted = counted_demand(weeks)
    return Forecast(
        len(counted),
        max(smooth(counted), 0.0),
        variance(counted) if len(counted) > 1 else 0.0,
        classify(counted),
        find_flag(counted),
    )


def demand_of_period(rate, week_variance, days, lead_deviation=0.0):
    """Return mean and variance of the demand of some days.

    :param rate: demand a week
    :param week_variance: of a week's demand
    :param days: lead time and time between reviews
    :param lead_deviation: standard deviation of the lead time in days
    """
    weeks = days / 7
    return rate * weeks, week_variance * weeks + (rate / 7 * lead_deviation) ** 2


def season_indices(rows):
    """Return the index of each month that has any weeks: its demand against the mean's.

    Pooled over the products of a category: what was wanted in the month's weeks, against what
    each product's own mean would have given in the same weeks; at least 0.2.

    :param rows: triples (product, month, demand of a counted week); of each product whole years
    """
    by_product = {}
    for product, _month, demand in rows:
        by_product.setdefault(product, []).append(demand)
    means = {product: fmean(demands) for product, demands in by_product.items()}
    wanted, usual = {}, {}
    for product, month, demand in rows:
        wanted[month] = wanted.get(month, 0.0) + demand
        usual[month] = usual.get(month, 0.0) + means[product]
    return {
        month: max(wanted[month] / usual[month], LEAST_SEASON)
        for month in sorted(wanted)
        if usual[month] > 0
    }
