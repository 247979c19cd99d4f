"""How much covers a demand that comes in whole units, with a given chance.

The demand of a period is taken to be negative binomial, and Poisson where it varies no more than
that. Pure functions.
"""

from math import ceil, exp, inf, isfinite, lgamma, log, log1p, sqrt
from statistics import NormalDist

# Below this the first probability is no number that a float holds well.
LEAST_LOGARITHM = -600.0
# So many probabilities are added up; beyond, the distribution function is asked.
MOST_TERMS = 2000
# What a float may lose in a sum of probabilities.
TOLERANCE = 1e-12
MOST_STEPS = 300


def covering_quantity(mean, variance, target):
    """Return the smallest whole number that is not exceeded with a chance of at least ``target``.

    A mean of 0 or less is covered by 0. With the size μ²/(v − μ) and the chance p = μ/v the
    number has the chance Γ(size + k)/(k! Γ(size))·p^size·(1 − p)^k. Where p^size is too small
    for a float, the expansion of Cornish and Fisher (1938) from the first four cumulants is
    rounded up.

    :param mean: μ, of the period's demand
    :param variance: v; below the mean, or equal to it, the distribution is that of Poisson
    :param target: at least 0 and below 1
    """
    return covering_quantities(mean, variance, (target,))[0]


def covering_quantities(mean, variance, targets):
    """Return :func:`covering_quantity` for each of some targets, ascending, at once."""
    if not (isfinite(mean) and isfinite(variance) and targets[0] >= 0 and targets[-1] < 1):
        raise ValueError("A mean, a variance and a target below 1 are needed")
    if mean <= 0:
        return [0] * len(targets)
    if variance <= mean:
        size, chance, logarithm = inf, 1.0, -mean
    else:
        size, chance = mean * mean / (variance - mean), mean / variance
        logarithm = size * log(chance)
        if not size:
            # What almost never comes, and then without end.
            return [0] * len(targets)
    if logarithm < LEAST_LOGARITHM:
        spread = variance if variance > mean else mean
        return [_expanded(mean, spread, target) for target in targets]
    return _added_up(mean, size, chance, logarithm, targets)


def _added_up(mean, size, chance, logarithm, targets):
    term = total = exp(logarithm)
    count, found, rest = 0, [], 1 - chance
    # To search for a target costs more than to add up so much.
    most = MOST_TERMS * len(targets)
    for target in targets:
        goal = target * (1 - TOLERANCE)
        if size == inf:
            while total < goal and count < most:
                count += 1
                term *= mean / count
                total += term
        else:
            while total < goal and count < most:
                term *= (size + count) * rest
                count += 1
                term /= count
                total += term
            if total < goal:
                found.append(_searched(size, chance, goal, count))
                continue
        found.append(count)
    return found


def _searched(size, chance, goal, low):
    """Return the smallest number above ``low`` whose distribution function reaches the goal."""
    high = low * 2
    while beta_share(size, high + 1.0, chance) < goal:
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        if beta_share(size, middle + 1.0, chance) < goal:
            low = middle
        else:
            high = middle
    return high


def _expanded(mean, variance, target):
    """Return the quantile by the expansion of Cornish and Fisher, rounded up."""
    deviation = sqrt(variance)
    spread = variance / mean
    # Of the negative binomial distribution; with p = 1 those of Poisson's.
    skewness = (2 * spread - 1) / deviation
    excess = (6 * spread * (spread - 1) + 1) / variance
    z = NormalDist().inv_cdf(target) if target else -inf
    if z == -inf:
        return 0
    expanded = (
        z
        + (z * z - 1) * skewness / 6
        + (z**3 - 3 * z) * excess / 24
        - (2 * z**3 - 5 * z) * skewness**2 / 36
    )
    # Whole numbers: half of one is what a continuous curve is off by.
    return max(ceil(mean + deviation * expanded - 0.5), 0)


def beta_share(first, second, share):
    """Return the regularized incomplete beta function, by its continued fraction (Lentz).

    It is the negative binomial distribution function of k with ``first`` the size, ``second``
    k + 1 and ``share`` the chance.
    """
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    front = exp(
        lgamma(first + second)
        - lgamma(first)
        - lgamma(second)
        + first * log(share)
        + second * log1p(-share)
    )
    if share < (first + 1) / (first + second + 2):
        return front * _fraction(first, second, share) / first
    return 1 - front * _fraction(second, first, 1 - share) / second


def _fraction(first, second, share):
    tiny = 1e-300
    numerator = 1.0
    denominator = 1 - (first + second) * share / (first + 1)
    denominator = 1 / (denominator or tiny)
    value = denominator
    for step in range(1, MOST_STEPS):
        for part in (
            step * (second - step) * share / ((first + 2 * step - 1) * (first + 2 * step)),
            -(first + step)
            * (first + second + step)
            * share
            / ((first + 2 * step) * (first + 2 * step + 1)),
        ):
            denominator = 1 / (1 + part * denominator or tiny)
            numerator = 1 + part / numerator or tiny
            value *= denominator * numerator
        if abs(denominator * numerator - 1) < 1e-14:
            break
    return value
