"""How figures become points, points a score, and a score a band.

Pure functions: the run, the pages and the tests share them.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from math import fsum, isfinite, sqrt

# Of a normal distribution: nine tenths lie within so many deviations.
Z = 1.645
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Figure:
    """A measure of one vendor.

    :ivar value: the figure; None without any history
    :ivar base: the number of events that it is made of
    :ivar effective: of a rate, how many independent events these are worth; None for others
    :ivar coverage: the share of the value that could be compared; None where that says nothing
    """

    value: float | None
    base: int = 0
    effective: float | None = None
    coverage: float | None = None


@dataclass(frozen=True)
class Criterion:
    """How a measure counts.

    :ivar scale: ``linear`` between floor and cap, or ``bands``
    :ivar bands: pairs (threshold, points)
    :ivar missing: ``ignore`` or ``zero``
    """

    measure: str
    weight: float
    scale: str = "linear"
    floor: float = 0.0
    cap: float = 1.0
    bands: tuple[tuple[float, float], ...] = ()
    missing: str = "ignore"
    min_base: int = 5

    def points(self, value):
        """Return the points, 0 to 100, of a figure."""
        if self.scale == "bands":
            return band_points(value, self.bands)
        return linear_points(value, self.floor, self.cap)


@dataclass(frozen=True)
class Part:
    """What a measure gave: its points at the figure, and at the ends of its interval.

    :ivar worst_points: at the end that gives less
    :ivar best_points: at the end that gives more
    :ivar rank_points: at the rate drawn towards all vendors'
    """

    figure: Figure
    low: float | None = None
    high: float | None = None
    points: float | None = None
    worst_points: float | None = None
    best_points: float | None = None
    rank_points: float | None = None
    weight: float = 0.0
    min_base: int = 0
    is_counted: bool = False


@dataclass(frozen=True)
class Result:
    """The score of one vendor; None where too little of it is known.

    :ivar best: the score with every rate at its favourable end
    :ivar rank: the score with every rate drawn towards all vendors' rate
    :ivar rated: the share, 0 to 100, of the weights that counted
    """

    score: float | None
    best: float | None
    rank: float | None
    rated: float
    parts: dict[str, Part]


def wilson(rate, count, z=Z):
    """Return Wilson's interval of a rate that was seen in ``count`` independent events."""
    if rate is None or not count or count <= 0:
        return None, None
    rate = min(max(rate, 0.0), 1.0)
    square = z * z
    middle = rate + square / (2 * count)
    reach = z * sqrt(rate * (1 - rate) / count + square / (4 * count * count))
    whole = 1 + square / count
    return max((middle - reach) / whole, 0.0), min((middle + reach) / whole, 1.0)


def effective_count(sizes):
    """Return what events are worth that were seen in groups of these sizes: (Σn)² ÷ Σn²."""
    squares = fsum(size * size for size in sizes)
    return fsum(sizes) ** 2 / squares if squares else 0.0


def smoothed(rate, count, common, strength):
    """Return (k + m·p₀) ÷ (n + m): a rate of few events drawn towards that of all vendors."""
    if rate is None or common is None or count is None:
        return rate
    if count + strength <= 0:
        return rate
    return (rate * count + strength * common) / (count + strength)


def linear_points(value, floor, cap):
    """Return points that grow evenly from 0 at ``floor`` to 100 at ``cap``.

    A floor above the cap means that less is better.
    """
    if value is None or floor == cap:
        return None
    return 100.0 * min(max((value - floor) / (cap - floor), 0.0), 1.0)


def band_points(value, bands):
    """Return the points of the highest threshold that the figure reaches, else 0."""
    if value is None:
        return None
    reached = [pair for pair in bands if value >= pair[0]]
    return float(max(reached)[1]) if reached else 0.0


def round_half_up(value):
    """Return a number with two decimals; 66.665 becomes 66.67 although it is stored as less."""
    return float(Decimal(f"{value:.15g}").quantize(CENT, ROUND_HALF_UP))


def weighted(pairs):
    """Return Σ weight × points ÷ Σ weight, whatever the order of the pairs; None without any."""
    pairs = [(weight, points) for weight, points in pairs if weight > 0 and points is not None]
    total = fsum(weight for weight, _points in pairs)
    if not total:
        return None
    mean = fsum(weight * points for weight, points in pairs) / total
    return round_half_up(min(max(mean, 0.0), 100.0))


def rate(figures, criteria, min_rated_weight, commons=None, strength=10):
    """Return the :class:`Result` of a vendor.

    :param figures: :class:`Figure` by measure
    :param criteria: the :class:`Criterion` that count; other figures are shown and not scored
    :param min_rated_weight: under this share of the weights, 0 to 100, there is no score
    :param commons: all vendors' rate by measure
    """
    commons = commons or {}
    of_measure = {criterion.measure: criterion for criterion in criteria}
    parts = {}
    for measure in {*figures, *of_measure}:
        figure = figures.get(measure, Figure(None))
        parts[measure] = _part(figure, of_measure.get(measure), commons.get(measure), strength)
    weights = fsum(criterion.weight for criterion in criteria)
    counted = [part for part in parts.values() if part.is_counted]
    known = fsum(part.weight for part in counted if part.figure.value is not None)
    rated = 100 * known / weights if weights else 0.0
    if not known or rated < min_rated_weight - 1e-9:
        return Result(None, None, None, round_half_up(rated), parts)
    return Result(
        weighted((part.weight, part.points) for part in counted),
        weighted((part.weight, part.best_points) for part in counted),
        weighted((part.weight, part.rank_points) for part in counted),
        round_half_up(rated),
        parts,
    )


def _part(figure, criterion, common, strength):
    value = figure.value if figure.value is not None and isfinite(figure.value) else None
    figure = Figure(value, figure.base, figure.effective, figure.coverage)
    low, high = wilson(value, figure.effective) if figure.effective else (None, None)
    if criterion is None:
        return Part(figure, low, high)
    part = Part(figure, low, high, weight=criterion.weight, min_base=criterion.min_base)
    if value is None or figure.base < criterion.min_base:
        if criterion.missing != "zero":
            # With too few events the figure is shown and does not count.
            return part
        zero = 0.0
        return replace(
            part,
            figure=replace(figure, value=None),
            points=zero,
            worst_points=zero,
            best_points=zero,
            rank_points=zero,
            is_counted=criterion.weight > 0,
        )
    points = criterion.points(value)
    ends = [points, *(criterion.points(end) for end in (low, high) if end is not None)]
    return replace(
        part,
        points=points,
        worst_points=min(ends),
        best_points=max(ends),
        rank_points=criterion.points(smoothed(value, figure.effective, common, strength)),
        is_counted=criterion.weight > 0,
    )


def band_of(score, bands):
    """Return the key of the band that a score falls into: lower bounds only, half-open.

    :param bands: pairs (lower bound, key)
    """
    if score is None:
        return None
    reached = [pair for pair in bands if score >= pair[0]]
    return max(reached, key=lambda pair: pair[0])[1] if reached else None


def months_between(first, last):
    """Return how many month's ends lie between two days."""
    return (last.year - first.year) * 12 + last.month - first.month


def hold(held, candidate, worse_since, day, periods, order):
    """Return the band held from now on, and since when the score has been worse than it.

    A better band is held at once; a worse one when the score was worse at so many months' figures
    running.

    :param held: the key of the band held so far; None without any
    :param candidate: the key of the band that the score falls into
    :param worse_since: the day on which the score was first found worse; None if it was not
    :param order: the lower bound by key
    """
    if candidate is None:
        return None, None
    if held is None or held not in order or order[candidate] >= order[held]:
        return candidate, None
    since = worse_since or day
    if months_between(since, day) >= periods - 1:
        return candidate, None
    return held, since


def action_of(action, least, best_least, is_override=False):
    """Return what follows from a band.

    An approval is asked for, and an order is blocked, only where the score with every rate at its
    favourable end falls there, too; otherwise it is a warning.

    :param action: ``none``, ``warn``, ``approve`` or ``block``, of the band held
    :param least: the lower bound of that band
    :param best_least: the lower bound of the band of the best score; None if there is none
    :param is_override: whether a manager chose the band, whatever the score
    """
    if action not in ("approve", "block") or is_override:
        return action
    return "warn" if best_least is not None and best_least > least else action
