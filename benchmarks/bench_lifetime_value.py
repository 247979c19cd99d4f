"""Estimating the lifetime values of 500,000 customers against the least that it can cost.

Other numbers of customers: as arguments, or in BENCH_CUSTOMERS (5000,50000). The floor of reading
is one aggregate by customer over the orders, written by hand. Times are judged at the full 500,000
alone: with few customers, what each estimate costs whatever the number outweighs the rest.
"""

from __future__ import annotations

import statistics
import sys

from odoo.tools import SQL

from benchmarks.common import (
    Limits,
    generated_database,
    odoo_environment,
    seconds,
    sizes,
    spread,
)
from benchmarks.generator import LAST_DAY
from benchmarks.memory import megabytes_grown

FULL = 500_000
REPETITIONS = 3

FIT_SECONDS, SCORE_SECONDS = 30, 5
# Times the floor, at the full size: it reads each order once, by customer alone.
GATHER = 4.0
MEGABYTES = 300


class Estimates:
    """One database, measured.

    :ivar times: seconds by step, one of each repetition
    """

    def __init__(self, env):
        self.env = env
        self.policy = env["customer.tier.policy"]._get_active()
        # Customers have a row to be scored on from the first run on.
        self.policy.evaluate(LAST_DAY)
        env.cr.commit()
        self.times = {name: [] for name in ("floor", "gather", "fit", "score", "write", "again")}

    def measure(self):
        self.memory = megabytes_grown(self._repeat)

    def _repeat(self):
        # Add-ons can be imported once there is a database.
        from odoo.addons.customer_tiering_clv.engine import Lifetimes

        for _repetition in range(REPETITIONS):
            self._forget()
            self._step("floor", self._read_floor)
            scope = self.policy._prepare_scope(LAST_DAY)
            partners = self.policy._prepare_facts(LAST_DAY).partners
            terms = self.policy._prepare_lifetime_terms()
            with Lifetimes(self.env.cr, scope, partners, terms) as lifetimes:
                self._step("gather", lifetimes.gather)
                self._step("fit", lambda lives=lifetimes: self._fit(lives))
                self._step("score", lambda lives=lifetimes: lives.score(self.fitted))
                self._step("write", lambda lives=lifetimes: lives.write_scores(self.fitted))
                self._step("again", lambda lives=lifetimes: lives.write_scores(self.fitted))
            self.env.cr.commit()

    def _fit(self, lifetimes):
        self.fitted = lifetimes.fit()

    def _step(self, name, step):
        self.times[name].append(seconds(step))

    def _forget(self):
        """Take the scores back, so that each repetition writes all of them."""
        self.env.cr.execute("UPDATE customer_standing SET has_lifetime_score = FALSE")
        self.env.cr.commit()
        self.env.cr.execute("ANALYZE customer_standing")
        self.env.cr.commit()

    def _read_floor(self):
        self.env.cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE floor ON COMMIT DROP AS
                SELECT partner.commercial_partner_id, COUNT(DISTINCT date_order::date) AS days,
                       MIN(date_order)::date AS first_day, MAX(date_order)::date AS last_day,
                       SUM(amount_untaxed / currency_rate) AS amount
                  FROM sale_order
                  JOIN res_partner AS partner ON partner.id = partner_id
                 WHERE state = 'sale' AND sale_order.company_id = %s AND date_order::date <= %s
              GROUP BY partner.commercial_partner_id
                """,
                self.policy.company_id.id,
                LAST_DAY,
            )
        )
        self.env.cr.execute("DROP TABLE floor")

    def judge(self, limits: Limits, is_full_size: bool):
        """Print what was measured and judge it."""
        fitted = self.fitted
        print(f"\n{fitted.customers:,} customers, {fitted.repeat_customers:,} ordered again")
        for name, times in self.times.items():
            print(f"  {name:<20} {spread(times)}")
        model = fitted.buying
        print(f"  r {model.r:.3f}, alpha {model.alpha:.1f}, a {model.a:.3f}, b {model.b:.3f}")
        print(f"  no value: {fitted.value_refusal}" if fitted.value_refusal else "  with value")
        of = f"{fitted.customers:,}:"
        if is_full_size:
            pairs = zip(self.times["gather"], self.times["floor"], strict=True)
            ratio = statistics.median(mine / other for mine, other in pairs)
            limits.at_most(f"{of} reading", ratio, GATHER, "× the floor")
            limits.at_most(f"{of} a fit", self._median("fit"), FIT_SECONDS, "s")
            limits.at_most(f"{of} scoring", self._median("score"), SCORE_SECONDS, "s")
        limits.at_most(f"{of} memory", self.memory, MEGABYTES, "MB more")

    def _median(self, name):
        return statistics.median(self.times[name])


def main() -> int:
    limits = Limits()
    for customers in sizes(FULL):
        with generated_database(customers) as database, odoo_environment(database) as env:
            estimates = Estimates(env)
            estimates.measure()
            estimates.judge(limits, is_full_size=customers >= FULL)
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
