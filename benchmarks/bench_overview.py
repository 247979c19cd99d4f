"""The Overview of Customer Tiers with 50,000 and 500,000 customers, against reading them once.

Other numbers of customers: as arguments, or in BENCH_CUSTOMERS. The floor is one bare aggregate by
tier over the scores: the least that a page which counts customers can take.
"""

from __future__ import annotations

import statistics
import sys

from odoo.tools import SQL

from benchmarks.common import Limits, generated_database, odoo_environment, seconds, sizes, spread
from benchmarks.generator import LAST_DAY

USUAL = (50_000, 500_000)
REPETITIONS = 5
# Seconds of the whole page, by the customers up to which they hold.
SECONDS = {50_000: 1.0, 500_000: 3.0}
QUERIES = 12


def main() -> int:
    limits = Limits()
    for customers in sizes(*USUAL):
        with generated_database(customers) as database, odoo_environment(database) as env:
            measure(env, limits)
    return limits.exit_code()


def measure(env, limits: Limits) -> None:
    """Open the page again and again, as a new request each time."""
    policy = env["customer.tier.policy"]._get_active()
    policy.evaluate(LAST_DAY)
    env.cr.commit()
    env.cr.execute("ANALYZE customer_standing")
    user = env.ref("base.user_admin")
    page = env["customer.tier.overview"].with_user(user)
    page = page.with_context(
        allowed_company_ids=policy.company_id.ids, lang=user.lang or "en_US", tz="UTC"
    )
    page.get_overview()
    pages, floors = [], []
    for _repetition in range(REPETITIONS):
        env.invalidate_all()
        floors.append(seconds(lambda: env.execute_query(floor())))
        before = env.cr.sql_log_count
        pages.append(seconds(page.get_overview))
        queries = env.cr.sql_log_count - before
    customers = env["customer.standing"].search_count([])
    print(f"\n{customers:,} customers")
    print(f"  floor                {spread(floors)}")
    print(f"  overview             {spread(pages)}")
    limit = min((most for up_to, most in SECONDS.items() if customers <= up_to), default=None)
    if limit:
        limits.at_most(f"{customers:,}: overview", statistics.median(pages), limit, "s")
    limits.at_most(f"{customers:,}: queries", queries, QUERIES)


def floor() -> SQL:
    return SQL("SELECT tier_id, COUNT(*), SUM(revenue) FROM customer_standing GROUP BY tier_id")


if __name__ == "__main__":
    sys.exit(main())
