"""Evaluating 50,000 customers beside an add-on of the usual kind, both in one run.

Another number of customers: as an argument, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import sys
from datetime import timedelta

from benchmarks.common import (
    Limits,
    generated_database,
    odoo_environment,
    seconds,
    sizes,
)
from benchmarks.generator import LAST_DAY
from benchmarks.policies import policy_of_ten_criteria
from benchmarks.usual_addon import UsualAddon

USUAL = 50_000
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
    """Evaluate with both by the same figures: a first day and the next."""
    policy = policy_of_ten_criteria(env)
    rival = UsualAddon(env, env.company, policy.window_months)
    env.cr.commit()
    for label, day in (("first run", LAST_DAY), ("next day's run", LAST_DAY + timedelta(days=1))):
        ours = seconds(lambda day=day: committed(env, policy.evaluate, day))
        theirs = seconds(lambda day=day: committed(env, rival.evaluate, day))
        customers = f"{policy.last_evaluation_id.customer_count:,}"
        print(f"{customers} customers, {label}: {ours:.2f} s, usual add-on {theirs:.2f} s")
        limits.at_least(f"{customers}, {label}: faster", theirs / ours, TIMES_FASTER, "times")


def committed(env, evaluate, day):
    """Evaluate a day from empty caches, and commit."""
    env.invalidate_all()
    evaluate(day)
    env.cr.commit()


if __name__ == "__main__":
    sys.exit(main())
