"""The nightly figures of 1,000,000 order lines against bare aggregates over the same joins.

The floor is two aggregates, since the figures are of lines and of receipts. The first reads every
promise with its order, product, units, receipts and their locations, and adds up by vendor what
came and what it cost. The second reads the receipts of a year with their promises and with what
went back of each, and adds up by vendor and transfer. The floor judges nothing, keeps no events
apart and writes nothing; there are no bills, and it joins none. The first night writes a row for
each line and rates every vendor, the next day looks at open and changed lines alone.

Other numbers of lines: as arguments, or in BENCH_CUSTOMERS. With some thousands, what every run
costs whatever the number outweighs the rest. Making a million lines takes minutes: ``--make NAME
COUNT`` adds them to a database that is there, ``--database NAME COUNT`` measures in it.
"""

from __future__ import annotations

import statistics
import sys
from dataclasses import replace
from datetime import timedelta

from odoo.tools import SQL

from benchmarks.common import (
    Limits,
    benchmark_database,
    odoo_environment,
    processor_clock,
    seconds,
    sizes,
    spread,
)
from benchmarks.deliveries import Deliveries

USUAL = (1_000_000,)
RUNS = 3
# Times the floor, and times the first night.
FIRST_NIGHT, NEXT_DAY = 3.0, 0.3


def floor_queries(scope) -> list[SQL]:
    """Return the SELECTs of what came of each promise, and of each receipt, by vendor."""
    return [
        SQL(
            """
            SELECT partner_id, COUNT(*), SUM(received), SUM(paid), SUM(agreed)
              FROM (
                SELECT promise.id, promise.partner_id,
                       SUM(move.quantity * move_unit.factor / own.factor) AS received,
                       MIN(ordered.price_subtotal / purchase.currency_rate) AS paid,
                       MIN(ordered.product_qty * unit.factor / own.factor
                           * promise.agreed_price) AS agreed
                  FROM vendor_promise promise
                  JOIN purchase_order_line ordered ON ordered.id = promise.order_line_id
                  JOIN purchase_order purchase ON purchase.id = ordered.order_id
                  JOIN product_product product ON product.id = ordered.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = ordered.product_uom_id
             LEFT JOIN (stock_move move
                        JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                        JOIN stock_location origin ON origin.id = move.location_id
                        JOIN stock_location destination ON destination.id = move.location_dest_id)
                    ON move.purchase_line_id = ordered.id AND move.state = 'done'
                 WHERE promise.company_id = %s
              GROUP BY promise.id, promise.partner_id) AS lines
          GROUP BY partner_id
            """,
            scope.company_id,
        ),
        SQL(
            """
            SELECT partner_id, COUNT(*), SUM(value), SUM(back)
              FROM (
                SELECT promise.partner_id, move.picking_id,
                       SUM(move.quantity * unit.factor / own.factor * promise.price_unit) AS value,
                       SUM(returned.quantity * unit.factor / own.factor * promise.price_unit)
                           AS back
                  FROM stock_move move
                  JOIN vendor_promise promise ON promise.order_line_id = move.purchase_line_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template ON template.id = product.product_tmpl_id
                  JOIN uom_uom own ON own.id = template.uom_id
                  JOIN uom_uom unit ON unit.id = move.product_uom
                  JOIN stock_location origin ON origin.id = move.location_id
             LEFT JOIN stock_move returned
                    ON returned.origin_returned_move_id = move.id AND returned.state = 'done'
                 WHERE move.state = 'done' AND move.company_id = %s AND origin.usage = 'supplier'
                   AND move.date >= %s AND move.date < %s
              GROUP BY promise.partner_id, move.picking_id) AS receipts
          GROUP BY partner_id
            """,
            scope.company_id,
            scope.start,
            scope.stop,
        ),
    ]


def measure(env, count: int, limits: Limits, is_full_size: bool = True):
    """Measure one number of lines, in a transaction that is rolled back."""
    company = env.company
    scorecards = env["vendor.scorecard"]
    scorecard = scorecards._of_company(company) or scorecards._make_default(company)
    env.flush_all()
    scope = scorecard._prepare_scope()
    floors, firsts, nexts = [], [], []
    deliveries = env["vendor.delivery"]

    def night(scope, since=None):
        looked_at.append(deliveries._refresh(scope, since))
        scorecard._rate(scope)

    looked_at: list[tuple[int, int]] = []

    def floor():
        for query in floor_queries(scope):
            env.cr.execute(query)

    def begin(clock):
        env.cr.execute("SET LOCAL jit = off; SET LOCAL work_mem = '256MB'")
        floors.append(clock(floor))
        env.cr.execute("SET LOCAL work_mem TO DEFAULT")
        env.cr.execute("TRUNCATE vendor_delivery, vendor_receipt")
        firsts.append(clock(lambda: night(scope)))
        env.cr.execute("ANALYZE vendor_delivery, vendor_receipt")

    def go_on(clock, days):
        later = scope.today + timedelta(days=days)
        next_day = replace(scope, today=later, end=later)
        since = env.cr.now() + timedelta(hours=2)
        nexts.append(clock(lambda: night(next_day, since)))

    # Once by processor, in one process.
    now = processor_clock(env.cr)

    def worked(step):
        start = now()
        step()
        return now() - start

    workers = env["ir.config_parameter"].sudo()
    workers.set_param("set_based_runs.parallel_workers", "0")
    env.cr.execute("SET LOCAL max_parallel_workers_per_gather = 0")
    begin(worked)
    go_on(worked, 1)
    times = [found.pop() for found in (floors, firsts, nexts)]
    print("processor: floor {:.2f} s, first night {:.2f} s, next day {:.2f} s".format(*times))
    env.cr.execute("SET LOCAL max_parallel_workers_per_gather TO DEFAULT")
    workers.set_param("set_based_runs.parallel_workers", False)

    for _run in range(RUNS):
        begin(seconds)
    for days in range(1, RUNS + 1):
        go_on(seconds, days)
    least, first, next_one = map(statistics.median, (floors, firsts, nexts))
    print(f"floor {spread(floors)}, first night {spread(firsts)}, next day {spread(nexts)}")
    rated = env["vendor.standing"].search_count(
        [("company_id", "=", company.id), ("state", "=", "rated")]
    )
    print(
        f"{count:,} lines, {rated:,} vendors rated: floor {least:.2f} s, "
        f"first night {first:.2f} s, next day {next_one:.2f} s, of {looked_at[-1][0]:,} lines"
    )
    limits.at_most(f"{count:,} lines, lines looked at the next day", looked_at[-1][0], count / 10)
    limits.at_most(f"{count:,} lines, vendors without a rating", max(5 - rated, 0), 0)
    if is_full_size:
        limits.at_most(f"{count:,} lines, first night", first / least, FIRST_NIGHT, "× the floor")
        limits.at_most(
            f"{count:,} lines, next day", next_one / first, NEXT_DAY, "× the first night"
        )


def main() -> int:
    limits = Limits()
    if sys.argv[1:2] in (["--make"], ["--database"]):
        option, name, number = sys.argv[1:]
        with odoo_environment(name) as env:
            if option == "--make":
                Deliveries(env, int(number))
                return 0
            measure(env, int(number), limits, is_full_size=int(number) >= USUAL[0])
            env.cr.rollback()
        return limits.exit_code()
    for count in sizes(*USUAL):
        with benchmark_database(f"vendors_{count}") as name, odoo_environment(name) as env:
            Deliveries(env, count)
            measure(env, count, limits, is_full_size=count >= USUAL[0])
            env.cr.rollback()
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
