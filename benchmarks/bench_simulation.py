"""A simulation of 1,000 lines over 12 months, beside one read of the moves it replays.

Every product sells on every day and is received every tenth day. The floor is the least that
anything can do that looks at the year: one aggregate of the same moves by product and day.
Other numbers of lines: as arguments, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import sys

from odoo.tools import SQL

from benchmarks.common import Limits, benchmark_database, odoo_environment, sizes, times
from benchmarks.shelves import Shelves, clone

USUAL = (1_000,)
DAYS = 450
SECONDS = 10.0


def add_year(env, shelves: Shelves) -> None:
    """Add a sale a day and a receipt every tenth day to each line, all done."""
    suppliers = env.ref("stock.stock_location_suppliers").id
    customers = env.ref("stock.stock_location_customers").id
    moment = SQL("(now() AT TIME ZONE 'UTC')::date + INTERVAL '12 hours' - k * INTERVAL '1 day'")
    # 1 to 9 a day, 50 every tenth.
    quantity = SQL("CASE WHEN k %% 10 = 0 THEN 50 ELSE 1 + (n * 3 + k * 5) %% 9 END")
    clone(
        env.cr, "stock_move", shelves.move.id,
        SQL("generate_series(1, %s) AS n, generate_series(1, %s) AS k", shelves.count, DAYS),
        {
            "product_id": SQL("%s + n", shelves.product.id),
            "location_id": SQL("CASE WHEN k %% 10 = 0 THEN %s ELSE %s END", suppliers,
                               shelves.stock.id),
            "location_dest_id": SQL("CASE WHEN k %% 10 = 0 THEN %s ELSE %s END", shelves.stock.id,
                                    customers),
            "location_final_id": SQL("NULL"),
            "state": SQL("'done'"),
            "date": moment,
            # Ordered on the day before.
            "create_date": SQL("%s - INTERVAL '1 day'", moment),
            "product_qty": quantity,
            "product_uom_qty": quantity,
            "quantity": quantity,
        },
    )  # fmt: skip
    env.cr.execute("ANALYZE stock_move")
    env.invalidate_all()


def read_moves(env, simulation) -> None:
    """Sum the moves of the simulation's products by product and day."""
    env.cr.execute(
        "SELECT product_id, location_dest_id, date::date, SUM(quantity) FROM stock_move "
        "WHERE state = 'done' AND date >= %s AND product_id = ANY(%s) GROUP BY 1, 2, 3",
        [simulation.date_start, simulation.agreement_id.line_ids.product_id.ids],
    )
    env.cr.fetchall()


def measure(env, count: int, limits: Limits) -> None:
    """Simulate one number of lines, in a transaction that is rolled back."""
    shelves = Shelves(env, count)
    add_year(env, shelves)
    agreement = shelves.lines.agreement_id[:1]
    env.cr.execute(
        "UPDATE vmi_agreement_line SET agreement_id = %s WHERE id = ANY(%s)",
        [agreement.id, shelves.lines.ids],
    )
    for method in ("min_max", "service_level"):
        env.cr.execute("UPDATE vmi_agreement_line SET method = %s", [method])
        env.invalidate_all()
        simulation = env["vmi.simulation"].create({"agreement_id": agreement.id, "months": 12})
        cr = env.cr
        floor, floor_worked = times(cr, lambda simulation=simulation: read_moves(env, simulation))
        taken, worked = times(cr, simulation.action_run)
        sensitivity, sensitivity_worked = times(cr, simulation.action_analyze_sensitivity)
        print(
            f"{count:,} lines, {method}: fill rate {simulation.fill_rate:.3f}, "
            f"{simulation.order_count} orders; seconds, in brackets of processors:\n"
            f"  simulation         {taken:.1f} ({worked:.1f})\n"
            f"  one read of moves  {floor:.2f} ({floor_worked:.2f}; simulation "
            f"{worked / floor_worked:.0f} times)\n"
            f"  its sensitivity    {sensitivity:.1f} ({sensitivity_worked:.1f})"
        )
        limits.at_most(f"{count:,} lines over 12 months, {method}", taken, SECONDS, "s")


def main() -> int:
    """Measure each number of lines in a database of its own."""
    limits = Limits()
    for count in sizes(*USUAL):
        with benchmark_database(f"simulation_{count}") as name, odoo_environment(name) as env:
            measure(env, count, limits)
            env.cr.rollback()
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
