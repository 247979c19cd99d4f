"""When customers buy, and whether they have left: BG/NBD and MBG/NBD.

A customer orders at a rate that differs from customer to customer (Gamma, with shape ``r`` and
rate ``alpha``), and leaves after an order with a chance that differs too (Beta, with ``a`` and
``b``). In BG/NBD (P. Fader, B. Hardie, K. L. Lee: "Counting Your Customers" the Easy Way, Marketing
Science 24, 2005) nobody leaves after the first order; in MBG/NBD (D. Hoppe, U. Wagner, 2007) one
may. Of a customer three numbers count: ``repeats`` (days with an order but the first one),
``recency`` (days from the first order to the last) and ``age`` (days from the first order to now).
"""

from dataclasses import dataclass
from functools import lru_cache
from math import exp, expm1, log, log1p, sqrt

from .minimum import NoMinimumError, minimise

# Beyond, e to the power of it leaves the range of floats.
MOST_EXPONENT = 700.0
# The closest that the parameter ``a`` comes to 1, where the closed form divides by a - 1.
NUDGE = 1e-6
# Where fewer than one of so many orders is the last one, nobody leaves.
LEAVING = 0.001
DAYS_OF_MONTH = 365.25 / 12

_STARTS = ((0.0, 0.0, 0.0, 0.0), (log(0.3), 0.0, log(0.8), log(2.5)))
_LEAST_TERMS, _MOST_TERMS = 32, 2**16
# What a sum may lack, as part of it.
_EXACT = 1e-15
# From here on a parameter makes the terms of the series large.
_LARGE = 10.0
_MOST_LOGIT = 600.0


@dataclass(frozen=True)
class Buying:
    """The estimated parameters.

    :ivar may_leave_at_once: whether one may leave after the first order, as in MBG/NBD
    :ivar alpha: in days
    """

    may_leave_at_once: bool
    r: float
    alpha: float
    a: float
    b: float

    @property
    def is_nobody_leaving(self):
        """Whether hardly any order is the last one: the probabilities would say nothing."""
        return self.a / (self.a + self.b) < LEAVING

    def probability_alive(self, repeats, recency, age):
        """Return the probability that the customer has not left (0 to 1)."""
        leaves = self.b + repeats - (not self.may_leave_at_once)
        if not repeats and not self.may_leave_at_once:
            return 1.0
        exponent = (
            log(self.a)
            - log(leaves)
            + (self.r + repeats) * (log(self.alpha + age) - log(self.alpha + recency))
        )
        return 1 / (1 + exp(min(exponent, MOST_EXPONENT)))

    def probability_of_order(self, repeats, recency, age, days):
        """Return the probability of at least one day with an order in the coming days."""
        share = (self.alpha + age) / (self.alpha + age + days)
        alive = self.probability_alive(repeats, recency, age)
        return alive * (1 - share ** (self.r + repeats))

    def expected_orders(self, repeats, recency, age, days):
        """Return how many days with an order are expected in the coming days."""
        alive = self.probability_alive(repeats, recency, age)
        return alive * self.expected_orders_if_alive(repeats, age, days)

    def expected_orders_if_alive(self, repeats, age, days):
        """Return the same for a customer who has not left: it goes by two numbers alone.

        By Euler's form of the hypergeometric function, whose terms are small; where they are not,
        because customers hardly differ, by a sum over the chance to leave.
        """
        a = self.a if abs(self.a - 1) >= NUDGE else 1 + NUDGE
        shift = 1 if self.may_leave_at_once else 0
        c = a + self.b + repeats - 1 + shift
        z = days / (self.alpha + age + days)
        one = a + self.b - 1 - self.r + shift
        if a > _LARGE or abs(one) * z > _LARGE:
            return self._expected_orders_summed(repeats, age, days)
        series = hypergeometric(one, a - 1, c, z)
        return c / (a - 1) * (1 - (1 - z) ** (a - 1) * series)

    def _expected_orders_summed(self, repeats, age, days):
        """Return the same as the mean of (1 − (1 + p·s)^−(r+x)) / p over the chance p to leave.

        By the trapezoidal rule over the logit of p, of which the error vanishes exponentially.
        """
        a, b = self.a, self.b + repeats + (1 if self.may_leave_at_once else 0)
        share, power = days / (self.alpha + age), self.r + repeats
        deviation = sqrt((a + b) / (a * b))
        step = min(0.5, deviation / 4)
        middle = log(a / b)
        lowest = max(middle - 10 * deviation - 40 / a, -_MOST_LOGIT)
        highest = min(middle + 10 * deviation + 40 / b, _MOST_LOGIT)
        highest_density = a * -log1p(exp(-middle)) + b * -log1p(exp(middle))
        total = weights = 0.0
        for node in range(int((highest - lowest) / step) + 1):
            logit = lowest + node * step
            chance = 1 / (1 + exp(-logit))
            weight = exp(a * -log1p(exp(-logit)) + b * -log1p(exp(logit)) - highest_density)
            weights += weight
            total += weight * -expm1(-power * log1p(chance * share)) / chance
        return total / weights

    def discounted_orders_if_alive(self, repeats, age, months, discount):
        """Return the expected orders of each month in turn, worth less the later they come.

        :param discount: of a year, such as 0.1
        :return: (undiscounted, discounted) number of days with an order in so many months
        """
        before = discounted = 0.0
        for month in range(1, months + 1):
            orders = self.expected_orders_if_alive(repeats, age, month * DAYS_OF_MONTH)
            discounted += (orders - before) / (1 + discount) ** (month / 12)
            before = orders
        return before, discounted


def hypergeometric(a, b, c, z):
    """Return Gauss's 2F1(a, b; c; z) for 0 ≤ z < 1, with as many terms as are needed."""
    count = _LEAST_TERMS
    while z**count > _EXACT and count < _MOST_TERMS:
        count *= 2
    while True:
        coefficients = _coefficients(a, b, c, count)
        total = 0.0
        for coefficient in coefficients:
            total = total * z + coefficient
        last = abs(coefficients[0]) * z**count
        if last <= _EXACT * (1 - z) * abs(total) or count >= _MOST_TERMS:
            return total
        count *= 2


@lru_cache(maxsize=2048)
def _coefficients(a, b, c, count):
    """Return the coefficients of so many powers of z, the highest first.

    Customers who ordered equally often share them, however long they have been known.
    """
    term, found = 1.0, [1.0]
    for n in range(count - 1):
        term *= (a + n) * (b + n) / ((c + n) * (n + 1))
        found.append(term)
    return tuple(reversed(found))


def group_sums(may_leave_at_once, groups):
    """Return the function of the sums that :func:`fit` needs, over customers in memory.

    :param groups: (repeats, recency, age, customers)
    :return: function of (r, alpha, a, b); see :func:`fit`
    """

    def sums(r, alpha, a, b):
        found = [0.0] * 5
        for repeats, recency, age, customers in groups:
            power, now = r + repeats, log(alpha + age)
            weight = spread = drawn = 0.0
            leaves = b + repeats - (not may_leave_at_once)
            if repeats or may_leave_at_once:
                spread = now - log(alpha + recency)
                exponent = log(a) - log(leaves) + power * spread
                part = exp(-min(abs(exponent), MOST_EXPONENT))
                drawn = max(exponent, 0.0) + log1p(part)
                weight = 1 / (1 + part) if exponent > 0 else part / (1 + part)
            found[0] += customers * (drawn - power * now)
            found[1] += customers * (weight * spread - now)
            found[2] += (
                customers
                * power
                * (weight * (1 / (alpha + age) - 1 / (alpha + recency)) - 1 / (alpha + age))
            )
            if weight:
                found[3] += customers * weight / a
                found[4] -= customers * weight / leaves
        return found

    return sums


def log_likelihood(may_leave_at_once, counts, sums, parameters):
    """Return the log likelihood, in days, and its derivatives by r, alpha, a and b.

    :param counts: {repeats: customers}
    :param sums: function of the four parameters; the sums over all customers of what depends on
        recency and age: the logarithm of (α+T)^−(r+x) + a/(b+…)·(α+t)^−(r+x), and its derivatives
    :param parameters: (r, alpha, a, b)
    """
    r, alpha, a, b = parameters
    value, by_r, by_alpha, by_a, by_b = (float(part) for part in sums(*parameters))
    customers = sum(counts.values())
    value += customers * r * log(alpha)
    by_r += customers * log(alpha)
    by_alpha += customers * r / alpha
    # Ratios of the gamma function are sums of logarithms, which run on from one x to the next.
    gamma = [0.0, 0.0]
    beta = [0.0, 0.0, 0.0]
    shift = 1 if may_leave_at_once else 0
    done = 0
    for repeats in range(max(counts) + 1):
        if repeats:
            gamma[0] += log(r + repeats - 1)
            gamma[1] += 1 / (r + repeats - 1)
        while done < repeats + shift:
            beta[0] += log(b + done) - log(a + b + done)
            beta[1] -= 1 / (a + b + done)
            beta[2] += 1 / (b + done) - 1 / (a + b + done)
            done += 1
        if number := counts.get(repeats):
            value += number * (gamma[0] + beta[0])
            by_r += number * gamma[1]
            by_a += number * beta[1]
            by_b += number * beta[2]
    return value, (by_r, by_alpha, by_a, by_b)


def fit(may_leave_at_once, counts, sums, longest, sample=None):
    """Return the most likely parameters and their log likelihood.

    They are looked for as logarithms, with the longest age scaled to 10, from two starts.

    :param counts: {repeats: customers}
    :param sums: as of :func:`log_likelihood`
    :param longest: the largest age, in days
    :param sample: (counts, sums) of part of the customers, to find out where to begin
    :return: (:class:`Buying`, log likelihood in days); None where there is no most likely one
    """
    scale = log(max(longest, 1) / 10)
    starts = [(start[0], start[1] + scale, *start[2:]) for start in _STARTS]
    if sample:
        found = _fitted(may_leave_at_once, *sample, starts, 1e-4)
        starts = [found[1]] if found else starts
    best = _fitted(may_leave_at_once, counts, sums, starts, 1e-7)
    if best is None:
        return None
    value, point = best
    return Buying(may_leave_at_once, *map(exp, point)), -value * sum(counts.values())


def _fitted(may_leave_at_once, counts, sums, starts, tolerance):
    """Return the best of what is found from some starts: (value, point); None without any."""
    customers = sum(counts.values())

    def lack(point):
        parameters = [exp(part) for part in point]
        value, gradient = log_likelihood(may_leave_at_once, counts, sums, parameters)
        return -value / customers, [
            -part * size / customers for part, size in zip(gradient, parameters, strict=True)
        ]

    found = []
    for start in starts:
        try:
            point, value = minimise(lack, start, tolerance)
        except (NoMinimumError, OverflowError, ValueError, ZeroDivisionError):
            continue
        found.append((value, point))
    return min(found) if found else None
