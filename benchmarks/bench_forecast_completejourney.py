"""The forecast against the present rule on a grocer's real sales of a year.

Products times four groups of stores (by the number of the store), in blocks of seven days from the
first of January, without petrol, coupons, miscellanea and lines of 100 pieces or more. Of the
series with demand in at least 8 of the first 38 blocks 3,000 are drawn. Every block from the 38th
on is an origin: what 2 and 4 weeks bring is foretold from the weeks before it, by the forecast's
own functions, and by the present rule: the mean of 90 days with the normal distribution. What the
shelves held is not in the data, so that all days count. Beside it, which method would have become
the champion of each class of demand, from 1,000 of the series and origins from block 30 on. Another
number of series: as argument, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import sys
from statistics import NormalDist

import duckdb
import numpy as np

from odoo.addons.supply_partner.tools.count_quantiles import covering_quantity
from odoo.addons.supply_partner.tools.forecast import demand_of_period, forecast
from odoo.addons.supply_partner.tools.forecast_methods import (
    METHODS,
    USUAL_METHOD,
    find_champion,
    weekly_rates,
)

from benchmarks.common import Limits, sizes
from order_import.presets import PRESETS, fetch

SERIES = 3000
GROUPS = 4
FIRST_ORIGIN = 38
FEWEST_BLOCKS = 8
USUAL_DAYS = 90
LEFT_OUT = ("FUEL", "MISCELLANEOUS", "COUPON")
MOST_PIECES = 100
TARGETS = (0.95, 0.98)
# At most so many times the present rule's figure, by weeks ahead.
BARS = {
    2: {"WAPE": 1.00, "pinball 0.95": 0.90, "pinball 0.98": 0.80},
    4: {"WAPE": 0.98, "pinball 0.95": 0.87, "pinball 0.98": 0.75},
}
COVERAGE = (0.93, 0.97)
# The methods are compared on so many series, so many weeks ahead, from this origin on.
COMPARED, COMPARED_WEEKS, FIRST_COMPARED = 1000, 2, 30


def read_days():
    """Return the demand of each series a day of the year, a row a series in a lasting order."""
    preset = PRESETS["completejourney"]
    sales_file, products_file = fetch(preset.file, preset.product_file)
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET enable_progress_bar = false")
    rows = connection.execute(
        """
        SELECT product_id, CAST(store_id AS INTEGER) % ? AS store_group,
               CAST(transaction_timestamp AS DATE) - DATE '2017-01-01' AS day, SUM(quantity)
          FROM read_parquet(?)
         WHERE quantity > 0 AND quantity < ? AND product_id IN (
            SELECT product_id FROM read_parquet(?) WHERE NOT list_contains(?, department))
           AND CAST(transaction_timestamp AS DATE) BETWEEN DATE '2017-01-01' AND DATE '2017-12-31'
      GROUP BY ALL
      ORDER BY ALL
        """,
        [GROUPS, str(sales_file), MOST_PIECES, str(products_file), list(LEFT_OUT)],
    ).fetchall()
    places = {}
    for product, group, _day, _quantity in rows:
        places.setdefault((product, group), len(places))
    days = np.zeros((len(places), 364))
    for product, group, day, quantity in rows:
        if day < days.shape[1]:
            days[places[product, group], day] += float(quantity)
    return days


def draw(days, count):
    """Return the rows of some series that had demand often enough to be foretold."""
    blocks = days.reshape(len(days), -1, 7).sum(axis=2)
    chosen = np.flatnonzero((blocks[:, :FIRST_ORIGIN] > 0).sum(axis=1) >= FEWEST_BLOCKS)
    print(f"{len(chosen):,} series with demand in {FEWEST_BLOCKS} blocks or more")
    picked = np.random.default_rng(0).choice(chosen, min(count, len(chosen)), replace=False)
    return days[np.sort(picked)]


def compare(days, weeks_ahead):
    """Return the figures of the present rule and of the forecast, as two dicts."""
    blocks = days.reshape(len(days), -1, 7).sum(axis=2)
    length = 7 * weeks_ahead
    normal = {target: NormalDist().inv_cdf(target) for target in TARGETS}
    means = ([], [])
    quantiles = {target: ([], []) for target in TARGETS}
    actual = []
    for origin in range(FIRST_ORIGIN, blocks.shape[1] - weeks_ahead + 1):
        actual.append(blocks[:, origin : origin + weeks_ahead].sum(axis=1))
        seen = days[:, 7 * origin - USUAL_DAYS : 7 * origin]
        daily, deviation = seen.mean(axis=1), seen.std(axis=1, ddof=1)
        means[0].append(daily * length)
        found = [
            forecast([(demand, 7) for demand in series]) for series in blocks[:, :origin].tolist()
        ]
        periods = [demand_of_period(each.rate, each.variance, length) for each in found]
        means[1].append(np.array([mean for mean, _variance in periods]))
        for target in TARGETS:
            quantiles[target][0].append(daily * length + normal[target] * deviation * length**0.5)
            quantiles[target][1].append(
                np.array([covering_quantity(mean, spread, target) for mean, spread in periods])
            )
    wanted = np.concatenate(actual)
    return tuple(
        {
            "WAPE": np.abs(np.concatenate(means[rule]) - wanted).sum() / wanted.sum(),
            "bias": (np.concatenate(means[rule]) - wanted).sum() / wanted.sum(),
            **{
                f"pinball {target}": np.maximum(target * missing, (target - 1) * missing).mean()
                for target in TARGETS
                for missing in [wanted - np.concatenate(quantiles[target][rule])]
            },
            "coverage of 0.95": (wanted <= np.concatenate(quantiles[0.95][rule])).mean(),
        }
        for rule in range(2)
    )


def compare_methods(days):
    """Print what each method lost by class of demand, and who would have become the champion."""
    blocks = days[:COMPARED].reshape(min(len(days), COMPARED), -1, 7).sum(axis=2)
    target, by_class = TARGETS[0], {}
    for origin in range(FIRST_COMPARED, blocks.shape[1] - COMPARED_WEEKS + 1):
        wanted = blocks[:, origin : origin + COMPARED_WEEKS].sum(axis=1)
        losses, counts = {}, {}
        for series, actual in zip(blocks[:, :origin].tolist(), wanted, strict=True):
            found = forecast([(demand, 7) for demand in series])
            total = losses.setdefault(found.demand_class, dict.fromkeys(METHODS, 0.0))
            counts[found.demand_class] = counts.get(found.demand_class, 0) + 1
            for method, rate in weekly_rates(series).items():
                period = demand_of_period(rate, found.variance, 7 * COMPARED_WEEKS)
                missing = actual - covering_quantity(*period, target)
                total[method] += max(target * missing, (target - 1) * missing)
        for demand_class, total in losses.items():
            by_class.setdefault(demand_class, []).append((total, counts[demand_class]))
    for demand_class, found in sorted(by_class.items()):
        origins, made = zip(*found, strict=True)
        totals = {method: sum(origin[method] for origin in origins) for method in METHODS}
        print(
            f"{demand_class:<13}champion {find_champion(USUAL_METHOD, origins, made)}; "
            "pinball loss times that of ses: "
            + ", ".join(
                f"{method} {total / totals[USUAL_METHOD]:.3f}" for method, total in totals.items()
            )
        )


def main() -> int:
    """Print both rules' figures, and the ratios against what is allowed."""
    limits = Limits()
    [count] = sizes(SERIES)
    days = draw(read_days(), count)
    for weeks_ahead, bars in BARS.items():
        present, new = compare(days, weeks_ahead)
        for name, value in present.items():
            print(f"{weeks_ahead} weeks, {name:<18}{value:>8.3f} → {new[name]:.3f}")
        for name, bar in bars.items():
            limits.at_most(
                f"{weeks_ahead} weeks, {name}, times the present", new[name] / present[name], bar
            )
        limits.at_least(f"{weeks_ahead} weeks, coverage", new["coverage of 0.95"], COVERAGE[0])
        limits.at_most(f"{weeks_ahead} weeks, coverage", new["coverage of 0.95"], COVERAGE[1])
    compare_methods(days)
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
