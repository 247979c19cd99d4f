"""Evaluating the 23,570 customers of CDNOW against the floor, both in one run.

Fails when an evaluation takes more than 3 × the floor, when a second run for the same
day writes a row, or when the standings' revenue is not that of the file to the cent.
"""

from __future__ import annotations

import statistics
import subprocess
import sys

from benchmarks.common import benchmark_database, odoo_environment, spread
from benchmarks.floor import Floor

LIMIT = 3
REPETITIONS = 7
WINDOW_MONTHS = 19


def main() -> int:
    with benchmark_database("cdnow") as database:
        subprocess.run([sys.executable, "-m", "order_import", "cdnow", "-d", database], check=True)
        with odoo_environment(database) as env:
            return compare(env)


def compare(env) -> int:
    cr = env.cr
    policy = env["customer.tier.policy"]._get_active()
    policy.window_months = WINDOW_MONTHS
    cr.execute("SELECT MAX(date_order)::date, SUM(amount_untaxed) FROM sale_order")
    as_of, file_revenue = cr.fetchone()
    cr.commit()
    cr.execute("ANALYZE")
    floor = Floor(cr, policy.company_id.id, policy.tier_ids[0].id, as_of, WINDOW_MONTHS)
    floor_times, run_times = [], []
    for _repetition in range(REPETITIONS):
        floor_times.append(floor.seconds())
        cr.execute("TRUNCATE customer_standing CASCADE")
        env.invalidate_all()
        evaluation = policy.evaluate(as_of)
        run_times.append(evaluation.duration)
    again = policy.evaluate(as_of)
    cr.execute("SELECT SUM(revenue) FROM customer_standing")
    (standing_revenue,) = cr.fetchone()
    cr.execute("SELECT COUNT(*) FROM customer_standing_change WHERE evaluation_id = %s", [again.id])
    (ledger_rows,) = cr.fetchone()

    ratio = statistics.median(run_times) / statistics.median(floor_times)
    print(f"customers              {evaluation.customer_count:,}")
    print(f"floor                  {spread(floor_times)}")
    print(f"evaluate, first run    {spread(run_times)}")
    print(f"ratio of the medians   {ratio:.2f} × the floor (at most {LIMIT})")
    print(f"second run, same day   {again.duration:.2f} s")
    print(f"  standings written    {again.standings_written} (must be 0)")
    print(f"  ledger rows written  {ledger_rows} (must be 0)")
    print(f"revenue of the file    {file_revenue}")
    print(f"revenue of standings   {standing_revenue}")
    failures = [
        ratio > LIMIT,
        again.standings_written or ledger_rows,
        standing_revenue != file_revenue,
    ]
    return 1 if any(failures) else 0


if __name__ == "__main__":
    sys.exit(main())
