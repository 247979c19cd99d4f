"""Which methods say how much is wanted a week, and when one takes another's place.

Each method takes the demand of counted weeks, the oldest first, as
:func:`~.forecast.counted_demand` gives it, and returns demand a week. Pure functions, without a
database; the review finds the same by SQL (``engine/forecast_methods.py``).
"""

from itertools import pairwise

from .forecast import SMOOTHING, smooth

# The weight of the latest week where smoothing shall follow faster.
FAST_SMOOTHING = 0.2
# So many weeks, a quarter, have a mean.
MEAN_WEEKS = 13
# The method of all classes until another one is better; the order decides between equals.
USUAL_METHOD = "ses"
METHODS = ("ses", "mean", "fast", "sba", "tsb")
# A challenger must have lost so much less, over so many origins, in so many reviews running.
LOWER, ORIGINS, REVIEWS = 0.1, 12, 3
# Fewer forecasts at those origins decide nothing; see :func:`find_champion`.
FEWEST_FORECASTS = 120


def mean_of_latest(counted):
    """Return the mean of the latest 13 weeks, or of all where there are fewer."""
    latest = counted[-MEAN_WEEKS:]
    return sum(latest) / len(latest) if latest else 0.0


def syntetos_boylan(counted):
    """Return Croston's estimate with the correction of Syntetos and Boylan (SBA).

    Sizes z and intervals p, each from one week with demand to the next, are smoothed with the
    weight α = 0.1 whenever something is wanted; demand a week is (1 − α/2)·z/p (Syntetos and
    Boylan, 2005, "The accuracy of intermittent demand estimates"). They begin at the first size
    and at the weeks up to it.

    Of 0, 6, 0, 0, 9 the sizes are 6 and 9, the intervals 2 and 3: z = 6 + 0.1·3 = 6.3,
    p = 2 + 0.1·1 = 2.1, and 0.95·6.3/2.1 = 2.85 a week.
    """
    wanted = [number for number, demand in enumerate(counted, 1) if demand > 0]
    if not wanted:
        return 0.0
    sizes = [counted[number - 1] for number in wanted]
    intervals = [later - earlier for earlier, later in pairwise([0, *wanted])]
    return (1 - SMOOTHING / 2) * smooth(sizes) / smooth(intervals)


def teunter_syntetos_babai(counted):
    """Return the estimate of Teunter, Syntetos and Babai (TSB), in which demand may die.

    The chance of a week with demand is smoothed every week, with 1 where there was any and else
    0, the size whenever there was; demand a week is their product (Teunter, Syntetos and Babai,
    2011, "Intermittent demand: linking forecasting to inventory obsolescence"). Both weights are
    0.1; the chance begins at the first week's 1 or 0, the size at the first one.

    Of 0, 6, 0, 0, 9 the chance is 0, 0.1, 0.09, 0.081 and 0.1 + 0.9·0.081 = 0.1729, the size
    6 + 0.1·3 = 6.3, and 0.1729·6.3 = 1.08927 a week.
    """
    sizes = [demand for demand in counted if demand > 0]
    return smooth([float(demand > 0) for demand in counted]) * smooth(sizes)


def weekly_rates(counted):
    """Return demand a week by method; where more came back than left it is 0."""
    rates = {
        "ses": smooth(counted),
        "mean": mean_of_latest(counted),
        "fast": smooth(counted, FAST_SMOOTHING),
        "sba": syntetos_boylan(counted),
        "tsb": teunter_syntetos_babai(counted),
    }
    return {method: max(rate, 0.0) for method, rate in rates.items()}


def find_champion(champion, losses, counts):
    """Return the method that shall be the champion from now on; the champion itself stays.

    A challenger takes its place whose pinball loss over the last 12 known origins was at least
    10 % lower, and was so at the two reviews before, each an origin earlier. Of several the one
    with the least loss does. The same holds the other way round: no method is left for a hair.

    Fewer than 120 forecasts at those 12 origins, ten lines' of every week, decide nothing. At a
    target of 0.95 one in twenty falls short, and those few make most of the loss: of 12 forecasts
    less than one. Tried with demand that never changes, so that no change of method can pay for
    long (random lines, a forecast of two weeks each week, the other conditions as they are), a
    smooth line alone changed its method within a year in 97 of 100 trials, five lines together
    in 24, ten in 1. Lines of which every second to fifth week has demand lost 13 % more in the half
    year after a change that one line decided, 1 % more where five did, 2 % less where ten did.
    Asking beside it for a paired t-test of the weeks' differences (Diebold and Mariano, 1995,
    "Comparing predictive accuracy") made none of these better.

    :param champion: the present method
    :param losses: of each known origin, the oldest first, the pinball loss by method; an origin
        is a week whose forecasts were made by all methods
    :param counts: of each of them, how many forecasts each method made
    """
    if len(losses) < ORIGINS + REVIEWS - 1 or count_compared(counts) < FEWEST_FORECASTS:
        return champion
    reviews = [sum_losses(losses[: len(losses) - ago]) for ago in range(REVIEWS)]
    better = [
        method
        for method in METHODS
        if method != champion
        and all(
            found[champion] > 0 and found[method] <= (1 - LOWER) * found[champion]
            for found in reviews
        )
    ]
    return min(better, key=reviews[0].get, default=champion)


def count_compared(counts):
    """Return how many forecasts of each method the last 12 known origins have."""
    return sum(counts[-ORIGINS:])


def sum_losses(losses):
    """Return the loss by method over the last 12 known origins."""
    latest = losses[-ORIGINS:]
    return {method: sum(origin[method] for origin in latest) for method in METHODS}
