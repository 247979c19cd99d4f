"""The forecast of 100,000 lines against the demand pass of the same review.

What a review takes longer for it: what moved is read once for both, and then come the days with
moves, the weeks, smoothing, and the covering quantity of each line. First with the moves that the
shelves have, all within the demand period, so that both look at the same; that has the limit. Then
with a year of moves, of which the demand pass takes a quarter. Times are those of the processor, of
PostgreSQL's process and of this one, where the system tells them, for other work does not change
these. At last the demand period is a year, too, so that both look at the same again, and another
method than the usual one is the champion of every class. What the methods take that are compared
once a week, of 1,000 lines a class, is told beside. Other numbers of lines: as arguments, or in
BENCH_CUSTOMERS.
"""

from __future__ import annotations

import statistics
import sys
from datetime import timedelta

from odoo.addons.supply_partner.engine.demand import demands_query
from odoo.addons.supply_partner.engine.due import due_query
from odoo.addons.supply_partner.engine.lead_time import leads_query
from odoo.addons.supply_partner.engine.position import find_positions
from odoo.addons.supply_partner.tools import CLASSES
from odoo.tools import SQL

from benchmarks.common import (
    Limits,
    benchmark_database,
    odoo_environment,
    processor_clock,
    sizes,
)
from benchmarks.shelves import Shelves, clone

USUAL = (100_000,)
# Of a line in the year, besides those of the shelves themselves.
YEAR_MOVES = 30
YEAR_DAYS = 364
# How many times the demand pass a review may take longer for the forecast.
TIMES = 1.5
RUNS = 3


class ForecastShelves(Shelves):
    """Shelves whose lines go by a forecast."""

    def multiply(self):
        """Give the lines the method, and the shelves a year in which nothing was missing."""
        super().multiply()
        self.env.cr.execute(
            "UPDATE vmi_agreement_line SET method = 'forecast', service_target = 0.95, "
            "cover_days = 7 WHERE agreement_id > %s",
            [self.agreement.id],
        )

    def add_year(self):
        """Add what left in the year before the last quarter, too."""
        cr, product = self.env.cr, self.product.id
        customers = self.env.ref("stock.stock_location_customers").id
        quantity = SQL("1 + (n * 3 + k * 5) %% 9")
        clone(
            cr, "stock_move", self.move.id,
            SQL("generate_series(1, %s) AS n, generate_series(1, %s) AS k", self.count, YEAR_MOVES),
            {
                "product_id": SQL("%s + n", product),
                "location_id": SQL("%s", self.stock.id),
                "location_dest_id": SQL("%s", customers),
                "location_final_id": SQL("NULL"),
                "state": SQL("'done'"),
                "date": SQL(
                    "(now() AT TIME ZONE 'UTC')::date + INTERVAL '12 hours' "
                    "- (1 + (n * 5 + k * 37) %% 363) * INTERVAL '1 day'"
                ),
                "product_qty": quantity,
                "product_uom_qty": quantity,
                "quantity": quantity,
            },
        )  # fmt: skip
        cr.execute("ANALYZE stock_move")


def measure(shelves) -> tuple[float, float, int]:
    """Return seconds of the demand pass, what the forecast adds, and how many lines it covers."""
    lines = shelves.lines
    with lines._prepare_review(shelves.company) as review:
        scope = review.scope
        due = review.create("due", due_query(scope))
        positions = find_positions(review, scope, due)
        leads = review.create("leads", leads_query(scope, due))

        def find_demand():
            review.create("demands", demands_query(scope, due, positions))

        def find_both():
            review.find_demand(due, positions, leads)

        now = processor_clock(review.cr)

        def worked(step):
            start = now()
            step()
            return now() - start

        pairs = [(worked(find_demand), worked(find_both)) for _run in range(RUNS)]
        review.cr.execute(
            SQL("SELECT COUNT(*) FROM %s WHERE demand_class <> 'new'", review.table("forecasts"))
        )
        [old] = review.cr.fetchone()
    demand, both = (statistics.median(times) for times in zip(*pairs, strict=True))
    return demand, both - demand, old


def measure_methods(shelves) -> tuple[float, int]:
    """Return seconds of forecasting by every method beside, and how many forecasts that are."""
    with shelves.lines._prepare_review(shelves.company) as review:
        review.find()
        now = processor_clock(review.cr)
        agreements = shelves.lines.agreement_id.ids
        review.write_forecasts(agreements)
        review.cr.execute("DELETE FROM vmi_forecast_challenger")
        start = now()
        review._store_challengers(agreements)
        seconds = now() - start
        review.cr.execute("SELECT COUNT(*) FROM vmi_forecast_challenger")
        return seconds, review.cr.fetchone()[0]


def compare(env, count: int, limits: Limits) -> None:
    """Measure one number of lines, in a transaction that is rolled back."""
    shelves = ForecastShelves(env, count)

    def report(label):
        demand, added, old = measure(shelves)
        print(
            f"{count:,} lines, {label}: demand {demand:.2f} s, forecast {added:.2f} s more "
            f"({added / demand:.2f} times; {old:,} with 8 weeks)"
        )
        return added / demand

    times = report("moves of the demand period")
    limits.at_most(f"{count:,} lines, of the demand pass", times, TIMES, "times")
    shelves.add_year()
    report("a year of moves")
    shelves.lines.agreement_id.demand_period_days = YEAR_DAYS
    env.flush_all()
    times = report("a year of moves and of demand")
    limits.at_most(f"{count:,} lines, of a year's demand pass", times, TIMES, "times")
    seconds, made = measure_methods(shelves)
    print(f"{count:,} lines, once a week: {seconds:.2f} s for {made:,} forecasts by all methods")
    yesterday = shelves.company._vmi_today() - timedelta(days=1)
    env["vmi.forecast.champion"].create(
        [
            {
                "company_id": shelves.company.id,
                "demand_class": demand_class,
                "method": "tsb",
                "date": yesterday,
            }
            for demand_class in CLASSES
        ]
    )
    times = report("a year of moves and of demand, by another champion")
    limits.at_most(f"{count:,} lines, by another champion", times, TIMES, "times")


def main() -> int:
    """Measure each number of lines in a database of its own."""
    limits = Limits()
    for count in sizes(*USUAL):
        with benchmark_database(f"forecast_{count}") as name, odoo_environment(name) as env:
            compare(env, count, limits)
            env.cr.rollback()
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
