"""Evaluating 50,000 customers beside an add-on of the usual kind, both in one run.

Another number of customers: as an argument, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import statistics
import sys
from datetime import timedelta

from benchmarks.common import (
    Limits,
    generated_database,
    odoo_environment,
    seconds,
    sizes,
    spread,
)
from benchmarks.generator import LAST_DAY
from benchmarks.policies import policy_of
from benchmarks.usual_addon import FIGURES, UsualAddon

USUAL = 50_000
REPETITIONS = 3
TIMES_FASTER = 20


def main() -> int:
    limits = Limits()
    for customers in sizes(USUAL):
        with generated_database(customers) as database:
            with odoo_environment(database) as env:
                UsualAddon(env, env.company).install()
                env.cr.commit()
            with odoo_environment(database) as env:
                compare(env, limits)
    return limits.exit_code()


def compare(env, limits: Limits) -> None:
    """Evaluate three days with both by the same figures, in turn; the first finds no results."""
    policy = policy_of(env, [{"metric": figure} for figure in FIGURES])
    rival = UsualAddon(env, env.company, policy.window_months)
    env.cr.commit()
    ours, theirs = [], []
    for days in range(REPETITIONS):
        day = LAST_DAY + timedelta(days=days)
        ours.append(seconds(lambda day=day: committed(env, policy.evaluate, day)))
        theirs.append(seconds(lambda day=day: committed(env, rival.evaluate, day)))
    count = policy.last_evaluation_id.customer_count
    print(f"\n{count:,} customers ranked")
    print(f"  policy.evaluate()    {spread(ours)}")
    print(f"  usual add-on         {spread(theirs)}")
    limits.at_least(
        f"{count:,}: faster than a usual add-on",
        statistics.median(theirs) / statistics.median(ours),
        TIMES_FASTER,
        "times",
    )


def committed(env, evaluate, day):
    """Evaluate a day from empty caches, and commit."""
    env.invalidate_all()
    evaluate(day)
    env.cr.commit()


if __name__ == "__main__":
    sys.exit(main())
