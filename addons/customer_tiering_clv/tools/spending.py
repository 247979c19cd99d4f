"""How much customers spend on a day with an order: Gamma-Gamma.

P. Fader, B. Hardie: The Gamma-Gamma Model of Monetary Value (2013). What is spent on one day
differs within a customer (shape ``p``) and from customer to customer (``q``, ``gamma``), and has
nothing to do with how often the customer orders. Of a customer ``repeats`` count, and ``mean``, the
mean amount of the days after the first.
"""

from dataclasses import dataclass
from math import exp, lgamma, log

from .minimum import NoMinimumError, minimise

_STARTS = ((0.0, log(2.0), 0.0), (log(6.0), log(4.0), log(0.5)))
# From here on the series of the digamma function is exact.
_LARGE = 10.0


@dataclass(frozen=True)
class Spending:
    """The estimated parameters; ``gamma`` is an amount."""

    p: float
    q: float
    gamma: float

    @property
    def has_mean(self):
        """Whether a customer of whom nothing is known has a mean at all."""
        return self.q > 1

    def expected_amount(self, repeats, mean):
        """Return the amount expected on a day with an order."""
        return self.p * (self.gamma + repeats * mean) / (self.p * repeats + self.q - 1)


@dataclass(frozen=True)
class Spent:
    """What is known of those who ordered again, for less than nothing left out.

    :ivar counts: {repeats: customers}
    :ivar log_mean: Σ ln m
    :ivar repeats_log_mean: Σ x · ln m
    :ivar mean: the mean of their means, to begin with
    """

    counts: dict[int, int]
    log_mean: float
    repeats_log_mean: float
    mean: float

    @classmethod
    def of(cls, customers):
        """Return it of customers in memory: (repeats, mean amount)."""
        counts = {}
        for repeats, _mean in customers:
            counts[repeats] = counts.get(repeats, 0) + 1
        return cls(
            counts,
            sum(log(mean) for _repeats, mean in customers),
            sum(repeats * log(mean) for repeats, mean in customers),
            sum(mean for _repeats, mean in customers) / len(customers),
        )


def customer_sums(customers):
    """Return the function of the sums that :func:`fit` needs, over customers in memory.

    :param customers: (repeats, mean amount)
    :return: function of gamma; see :func:`log_likelihood`
    """

    def sums(gamma):
        found = [0.0] * 4
        for repeats, mean in customers:
            whole = gamma + repeats * mean
            found[0] += log(whole)
            found[1] += repeats * log(whole)
            found[2] += 1 / whole
            found[3] += repeats / whole
        return found

    return sums


def log_likelihood(spent, sums, parameters):
    """Return the log likelihood and its derivatives by p, q and gamma.

    :param spent: :class:`Spent`
    :param sums: function of gamma: Σ ln(γ + x·m), Σ x · ln(γ + x·m), Σ 1/(γ + x·m),
        Σ x/(γ + x·m)
    """
    p, q, gamma = parameters
    logs, repeats_logs, inverse, repeats_inverse = (float(part) for part in sums(gamma))
    customers = sum(spent.counts.values())
    value = (
        customers * (q * log(gamma) - lgamma(q))
        + (p * spent.repeats_log_mean - spent.log_mean)
        - (p * repeats_logs + q * logs)
    )
    by_p = spent.repeats_log_mean - repeats_logs
    by_q = customers * (log(gamma) - digamma(q)) - logs
    by_gamma = customers * q / gamma - (p * repeats_inverse + q * inverse)
    for repeats, number in spent.counts.items():
        whole, own = p * repeats + q, p * repeats
        value += number * (lgamma(whole) - lgamma(own) + own * log(repeats))
        by_p += number * repeats * (digamma(whole) - digamma(own) + log(repeats))
        by_q += number * digamma(whole)
    return value, (by_p, by_q, by_gamma)


def fit(spent, sums):
    """Return the most likely parameters and their log likelihood.

    They are looked for as logarithms, with amounts scaled to a mean of 1, from two starts.

    :return: (:class:`Spending`, log likelihood); None where there is no most likely one
    """
    customers = sum(spent.counts.values())

    def lack(point):
        parameters = [exp(part) for part in point]
        value, gradient = log_likelihood(spent, sums, parameters)
        return -value / customers, [
            -part * size / customers for part, size in zip(gradient, parameters, strict=True)
        ]

    found = []
    for p, q, gamma in _STARTS:
        try:
            point, value = minimise(lack, (p, q, gamma + log(spent.mean)))
        except (NoMinimumError, OverflowError, ValueError, ZeroDivisionError):
            continue
        found.append((value, point))
    if not found:
        return None
    value, point = min(found)
    return Spending(*map(exp, point)), -value * customers


def digamma(x):
    """Return the derivative of the logarithm of the gamma function, for x > 0."""
    found = 0.0
    while x < _LARGE:
        found -= 1 / x
        x += 1
    inverse = 1 / (x * x)
    return (
        found
        + log(x)
        - 0.5 / x
        - inverse
        * (
            1 / 12
            - inverse * (1 / 120 - inverse * (1 / 252 - inverse * (1 / 240 - inverse * 5 / 660)))
        )
    )
