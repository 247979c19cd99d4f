"""Evaluating 50,000 and 500,000 customers by ten criteria against the floor, all in one run.

Other numbers of customers: as arguments, or in BENCH_CUSTOMERS (5000,50000). The largest is
set against the floor; with a few thousand, what every run costs whatever the number outweighs
the rest and misses the limits.
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
from benchmarks.floor import DOCUMENTS, PAYMENTS, Floor
from benchmarks.generator import LAST_DAY
from benchmarks.memory import megabytes_grown
from benchmarks.policies import policy_of_ten_criteria

USUAL = (50_000, 500_000)
REPETITIONS = 3

# Times the floor.
FIRST_RUN, NEXT_DAY = 1.3, 1.0
# Times a run.
SIMULATION = 1.1
# Time per customer, of the most customers against the fewest.
GROWTH = 1.1
MEGABYTES = 200


class Scale:
    """One database, measured.

    :ivar first: a first run's and its floor's seconds, pair by pair; ``next_day`` likewise
    :ivar simulations: a simulation's and its run's seconds, pair by pair
    :ivar memory: MB by which the process grew over the first runs
    :ivar written_again: rows of standings and of the ledger that a second run wrote
    """

    def __init__(self, env):
        self.env = env
        self.policy = policy_of_ten_criteria(env)
        self.first, self.next_day, self.simulations = [], [], []
        env.cr.commit()
        self.floor = Floor(
            env.cr,
            self.policy.company_id.id,
            self.policy.tier_ids[0].id,
            LAST_DAY,
            self.policy.window_months,
            (*DOCUMENTS, *PAYMENTS),
        )
        env.cr.commit()

    def measure(self):
        """Run everything; floors and runs take turns, so that both meet the same load."""
        self.memory = megabytes_grown(self.take_first_runs)
        self.written_again = self.rows_of_a_second_run()
        for days in range(1, REPETITIONS + 1):
            day = LAST_DAY + timedelta(days=days)
            floor = self.seconds_of_floor()
            run = seconds(lambda day=day: self.evaluate(day))
            self.next_day.append((run, floor))
            self.simulations.append((seconds(lambda day=day: self.simulate(day)), run))

    def take_first_runs(self):
        for _repetition in range(REPETITIONS):
            floor = self.seconds_of_floor()
            self.forget()
            self.first.append((seconds(lambda: self.evaluate(LAST_DAY)), floor))

    def seconds_of_floor(self):
        floor = self.floor.seconds()
        self.env.cr.commit()
        return floor

    def forget(self):
        """Take back every evaluation's result."""
        self.env.cr.execute("TRUNCATE customer_standing CASCADE")
        self.env.invalidate_all()
        self.env.cr.commit()

    def evaluate(self, day):
        self.evaluation = self.policy.evaluate(day)
        self.env.cr.commit()

    def simulate(self, day):
        self.policy.simulate(day)
        self.env.cr.commit()

    def rows_of_a_second_run(self):
        self.evaluate(LAST_DAY)
        changes = self.env["customer.standing.change"].search_count(
            [("evaluation_id", "=", self.evaluation.id)]
        )
        return self.evaluation.standings_written, changes

    def judge(self, limits: Limits, is_full_size: bool):
        """Print what was measured and judge it; times the floor at full size alone."""
        customers = self.evaluation.customer_count
        print(f"\n{customers:,} customers ranked")
        floors = [floor for _run, floor in self.first + self.next_day]
        print(f"  floor                {spread(floors)}")
        print(f"  first run            {spread([run for run, _floor in self.first])}")
        print(f"  next day's run       {spread([run for run, _floor in self.next_day])}")
        print(f"  simulation           {spread([preview for preview, _run in self.simulations])}")
        standings, changes = self.written_again
        of = f"{customers:,}:"
        if is_full_size:
            limits.at_most(f"{of} first run", ratio(self.first), FIRST_RUN, "× the floor")
            limits.at_most(f"{of} next day's run", ratio(self.next_day), NEXT_DAY, "× the floor")
        limits.at_most(f"{of} simulation", ratio(self.simulations), SIMULATION, "× a run")
        limits.at_most(f"{of} memory", self.memory, MEGABYTES, "MB more")
        limits.at_most(f"{of} standings written by a second run", standings, 0)
        limits.at_most(f"{of} changes written by a second run", changes, 0)

    def seconds_per_customer(self):
        return statistics.median(run for run, _floor in self.first) / self.evaluation.customer_count


def ratio(pairs):
    """Return the median of the ratios: each pair met the same load, whatever others do."""
    return statistics.median(mine / other for mine, other in pairs)


def main() -> int:
    limits = Limits()
    paces = []
    wanted = sizes(*USUAL)
    for customers in wanted:
        with generated_database(customers) as database, odoo_environment(database) as env:
            scale = Scale(env)
            scale.measure()
            scale.judge(limits, is_full_size=customers == wanted[-1])
            paces.append(scale.seconds_per_customer())
    if len(paces) > 1:
        print()
        limits.at_most("time per customer, most to fewest", paces[-1] / paces[0], GROWTH, "×")
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
