"""The nightly runs of 60 companies as jobs: two workers against one.

Each worker is a process that does what a worker of Odoo does when the job runner calls it, until
no job is left. The runner itself is not measured. Every time all customers are placed anew. Other
numbers of companies: as arguments, or in BENCH_CUSTOMERS.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import SQL

from benchmarks.common import Limits, benchmark_database, odoo_environment, sizes, spread

USUAL = (60,)
CUSTOMERS = 1_000
ORDERS = 4
ROUNDS = 3
# Of the time of one worker.
SHARE = 0.65


def make_companies(env, count: int) -> None:
    """Make companies with the default policy, and orders of the last year."""
    env["res.company"].create([{"name": f"Company {number}"} for number in range(count)])
    policies = env["customer.tier.policy"].search([])
    (policies - policies.filtered(lambda one: one.company_id.name.startswith("Company "))).write(
        {"active": False}
    )
    policies.evaluation_hour = 0
    env["ir.config_parameter"].set_param("queued_runs.mode", "always")
    env.flush_all()
    env.cr.execute(
        """
        WITH customer AS (
            INSERT INTO res_partner (name, complete_name, active, type, is_company,
                                     autopost_bills, group_rfq, group_on)
            SELECT 'Customer ' || n, 'Customer ' || n, TRUE, 'contact', TRUE,
                   'ask', 'default', 'default'
              FROM GENERATE_SERIES(1, %(customers)s) AS n
         RETURNING id
        )
        INSERT INTO sale_order (name, company_id, currency_id, currency_rate, state,
                                partner_id, partner_invoice_id, partner_shipping_id,
                                date_order, amount_untaxed, amount_total, picking_policy)
        SELECT 'Order', company.id, company.currency_id, 1, 'sale',
               customer.id, customer.id, customer.id,
               NOW() AT TIME ZONE 'UTC' - RANDOM() * INTERVAL '360 days',
               1000 * RANDOM(), 0, 'direct'
          FROM customer, GENERATE_SERIES(1, %(orders)s),
               (SELECT * FROM res_company WHERE name LIKE 'Company %%') AS company
        """,
        {"customers": CUSTOMERS, "orders": ORDERS},
    )
    env.cr.execute(
        "UPDATE res_partner SET commercial_partner_id = id WHERE commercial_partner_id IS NULL"
    )
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    env.invalidate_all()


def queue_runs(database: str) -> int:
    """Forget what was calculated, and queue a job for each policy; return how many."""
    with odoo_environment(database) as env:
        for table in (
            "queue_job_lock",
            "queue_job",
            "customer_standing_change",
            "customer_standing",
            "customer_tier_evaluation",
        ):
            env.cr.execute(SQL("TRUNCATE %s CASCADE", SQL.identifier(table)))
        env["customer.tier.policy"]._cron_evaluate()
        return env["queue.job"].search_count([("state", "=", "pending")])


def seconds_of_workers(database: str, count: int) -> float:
    """Let so many processes work the queue off; return the seconds until the last one is done."""
    # Parent and child must not share a connection.
    sql_db.close_all()
    start = time.perf_counter()
    workers = [os.fork() or _work(database) for _worker in range(count)]
    for worker in workers:
        _pid, status = os.waitpid(worker, 0)
        assert not status, "a worker failed"
    return time.perf_counter() - start


def _work(database: str) -> None:
    from odoo.addons.queued_runs.tests.worker import work_off

    failed = 1
    try:
        with Registry(database).cursor() as cr:
            work_off(Environment(cr, SUPERUSER_ID, {}))
        failed = 0
    finally:
        os._exit(failed)


def check_done(database: str, jobs: int) -> tuple[int, int]:
    """Return how many jobs are not done, and how many customers are not placed."""
    with odoo_environment(database) as env:
        done = env["queue.job"].search_count([("state", "=", "done")])
        placed = env["customer.standing"].search_count([("tier_id", "!=", False)])
    return jobs - done, jobs * CUSTOMERS - placed


def main() -> int:
    """Measure each number of companies in a database of its own."""
    limits = Limits()
    for companies in sizes(*USUAL):
        with benchmark_database(f"jobs_{companies}") as database:
            with odoo_environment(database) as env:
                make_companies(env, companies)
            times: dict[int, list[float]] = {1: [], 2: []}
            for _round in range(ROUNDS):
                for workers, taken in times.items():
                    jobs = queue_runs(database)
                    assert jobs == companies
                    taken.append(seconds_of_workers(database, workers))
                    left, missing = check_done(database, jobs)
                    limits.at_most(f"{workers} workers, jobs not done", left, 0)
                    limits.at_most(f"{workers} workers, customers not placed", missing, 0)
        print(f"\n{companies} companies, {CUSTOMERS:,} customers and {ORDERS} orders each")
        for workers, taken in times.items():
            print(f"  {workers} at a time  {spread(taken)}")
        share = statistics.median(times[2]) / statistics.median(times[1])
        limits.at_most(f"{companies} companies, two workers against one", share, SHARE, "times")
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
