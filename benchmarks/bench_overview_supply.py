"""The Overview of Supply Partners with 20,000 and 100,000 lines, against counting them once.

Other numbers of lines: as arguments, or in BENCH_CUSTOMERS. The floor is one bare aggregate by
status over the lines, and one over what is proposed: the least that a page which counts them takes.
"""

from __future__ import annotations

import statistics
import sys

from odoo.tools import SQL

from benchmarks.common import (
    Limits,
    benchmark_database,
    odoo_environment,
    seconds,
    sizes,
    spread,
)
from benchmarks.shelves import Shelves

USUAL = (20_000, 100_000)
REPETITIONS = 5
# Seconds of the whole page, by the lines up to which they hold.
SECONDS = {20_000: 0.5, 100_000: 2.0}
QUERIES = 12


def main() -> int:
    limits = Limits()
    for count in sizes(*USUAL):
        with benchmark_database(f"overview_{count}") as name, odoo_environment(name) as env:
            measure(env, count, limits)
            env.cr.rollback()
    return limits.exit_code()


def measure(env, count: int, limits: Limits) -> None:
    """Review so many lines, then open the page again and again, as a new request each time."""
    shelves = Shelves(env, count)
    shelves.lines.agreement_id.review()
    env.flush_all()
    env.cr.execute("ANALYZE vmi_agreement_line")
    env.cr.execute("ANALYZE vmi_proposal_line")
    user = shelves.buyer
    page = env["vmi.overview"].with_user(user)
    page = page.with_context(
        allowed_company_ids=shelves.company.ids, lang=user.lang or "en_US", tz="UTC"
    )
    page.get_overview("company")
    pages, floors = [], []
    for _repetition in range(REPETITIONS):
        env.invalidate_all()
        floors.append(seconds(lambda: [env.execute_query(query) for query in floor()]))
        before = env.cr.sql_log_count
        pages.append(seconds(lambda: page.get_overview("company")))
        queries = env.cr.sql_log_count - before
    print(f"\n{count:,} lines")
    print(f"  floor                {spread(floors)}")
    print(f"  overview             {spread(pages)}")
    ratio = statistics.median(pages) / statistics.median(floors)
    print(f"  overview / floor     {ratio:.1f}")
    limit = min((most for up_to, most in SECONDS.items() if count <= up_to), default=None)
    if limit:
        limits.at_most(f"{count:,}: overview", statistics.median(pages), limit, "s")
    limits.at_most(f"{count:,}: queries", queries, QUERIES)


def floor() -> tuple[SQL, SQL]:
    return (
        SQL("SELECT stock_status, COUNT(*) FROM vmi_agreement_line GROUP BY stock_status"),
        SQL("SELECT COUNT(*), SUM(approved_qty * unit_price) FROM vmi_proposal_line"),
    )


if __name__ == "__main__":
    sys.exit(main())
