"""Evaluating 50,000 customers beside an add-on of the usual kind, both in one run.

The limit is for the rival that does the job measured here, keeping who moved, on the run that
places everybody. The rival that keeps no moves, and a day on which few move, are printed beside
it with the most that either could reach: the rival's time over the floor's, which is what
PostgreSQL needs to read the same documents and to write a plain row per customer.

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
from benchmarks.floor import DOCUMENTS, PAYMENTS, Floor
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
                for keeps_moves in (True, False):
                    UsualAddon(env, env.company, keeps_moves=keeps_moves).install()
                env.cr.commit()
            with odoo_environment(database) as env:
                compare(env, limits)
    return limits.exit_code()


def compare(env, limits: Limits) -> None:
    """Evaluate with each by the same figures: a first day and the next."""
    policy = policy_of_ten_criteria(env)
    env.cr.commit()
    floor = Floor(
        env.cr,
        policy.company_id.id,
        policy.tier_ids[0].id,
        LAST_DAY,
        policy.window_months,
        (*DOCUMENTS, *PAYMENTS),
    )
    rivals = {
        keeps_moves: UsualAddon(env, env.company, policy.window_months, keeps_moves)
        for keeps_moves in (True, False)
    }
    env.cr.commit()
    for label, day in (("first run", LAST_DAY), ("next day's run", LAST_DAY + timedelta(days=1))):
        least = floor.seconds()
        env.cr.commit()
        ours = seconds(lambda day=day: committed(env, policy.evaluate, day))
        customers = f"{policy.last_evaluation_id.customer_count:,}"
        print(f"\n{customers} customers, {label}: {ours:.2f} s, floor {least:.2f} s")
        for keeps_moves, rival in rivals.items():
            theirs = seconds(lambda day=day, rival=rival: committed(env, rival.evaluate, day))
            kind = "keeping moves" if keeps_moves else "keeping no moves"
            print(
                f"  usual add-on {kind:<18}{theirs:8.2f} s, {theirs / ours:6.1f} × ours, "
                f"{theirs / least:6.1f} × the floor"
            )
            if keeps_moves and day == LAST_DAY:
                limits.at_least(f"{customers}, {label}: faster", theirs / ours, TIMES_FASTER, "×")


def committed(env, evaluate, day):
    """Evaluate a day from empty caches, and commit."""
    env.invalidate_all()
    evaluate(day)
    env.cr.commit()


if __name__ == "__main__":
    sys.exit(main())
