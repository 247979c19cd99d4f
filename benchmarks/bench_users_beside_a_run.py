"""Four people at work beside tier runs of 500,000 customers: nobody fails, nobody waits for one.

They confirm orders, post invoices, edit contacts, tiers and overrides, and merge contacts: first
with nothing beside, then during a first run, which writes every customer's standing, then during
the next day's. Other numbers of customers: as arguments, or in BENCH_CUSTOMERS.

What counts is an error that a person is shown, and for how long somebody waits for a lock that a
run holds. It holds locks on customers while it writes some of them, and no longer. That everybody
shares the processor with it is printed, and not judged.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg2

from odoo import sql_db
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry

from benchmarks.common import Limits, generated_database, odoo_environment, sizes
from benchmarks.generator import LAST_DAY
from benchmarks.policies import policy_of_ten_criteria
from benchmarks.users import ROLES, Report, make_users, work

USUAL = (500_000,)
SECONDS_ALONE = 45
# Seconds between two looks at who waits for whom.
PAUSE = 0.02
# Seconds that somebody may wait while a run calculates: for an insert into its list of runs.
CALCULATING = 0.5
# And while it writes: for those customers that it has at hand, with four people on two cores.
WRITING = 3.0

_FORK = multiprocessing.get_context("fork")


@dataclass
class Watch:
    """A run as seen from beside.

    :ivar seconds: that it took; ``writing``: those in which it wrote, or closed a month
    :ivar waited: the longest wait for one of its locks, by whether it calculated; ``waiting``:
        what the one who waited longest wanted to do
    """

    seconds: float = 0
    writing: float = 0
    waited: dict[bool, float] | None = None
    waiting: str = ""
    state: str = ""

    def took(self, is_calculating: bool, seconds: float) -> None:
        """Note how long a part of it took."""
        if not is_calculating:
            self.writing += seconds


def measure(database: str, limits: Limits) -> None:
    """Measure a database with customers, orders and invoices as the generator makes them."""
    with odoo_environment(database) as env:
        policy_of_ten_criteria(env)
        customers = make_users(env)
    print("Nothing beside")
    with _people(database, customers, 0) as people:
        time.sleep(SECONDS_ALONE)
    _print(people, limits, "alone")
    _forget(database)
    for number, what in enumerate(("first run", "next day's run"), 1):
        with _people(database, customers, number) as people:
            watch = _watch_run(database, LAST_DAY + timedelta(days=number - 1))
        print(f"A {what} beside: {watch.seconds:.1f} s, of which {watch.writing:.1f} s wrote")
        _print(people, limits, what)
        if watch.waiting:
            print(f"  the longest wait for it: {watch.waiting}")
        limits.at_most(f"{what}: not done", int(watch.state != "done"), 0)
        limits.at_most(f"{what}: waited while it calculated", watch.waited[True], CALCULATING, "s")
        limits.at_most(f"{what}: waited while it wrote", watch.waited[False], WRITING, "s")


def _print(people: list[Report], limits: Limits, what: str) -> None:
    for person in people:
        print(person.line())
        for error in person.errors[:1]:
            print(error)
    limits.at_most(f"{what}: errors", sum(len(person.errors) for person in people), 0)


@contextlib.contextmanager
def _people(database: str, customers: dict[str, list[int]], phase: int) -> Iterator[list[Report]]:
    """Have the four work while the body runs; their reports are in the list afterwards."""
    # Parent and child must not share a connection.
    sql_db.close_all()
    over, answers, reports = _FORK.Event(), _FORK.Queue(), []
    people = [
        _FORK.Process(target=_work, args=(database, who, customers[who][phase::3], over, answers))
        for who in ROLES
    ]
    for person in people:
        person.start()
    try:
        yield reports
    finally:
        over.set()
        reports += sorted(
            (answers.get() for _person in people), key=lambda one: [*ROLES].index(one.who)
        )
        for person in people:
            person.join()


def _work(database, who, customers, over, answers):
    answers.put(work(database, who, customers, over.is_set))


def _watch_run(database: str, day: date) -> Watch:
    """Do a run in a process of its own, and look at who waits for it until it is done."""
    started = _FORK.Queue()
    start = time.monotonic()
    run = _FORK.Process(target=_run, args=(database, day, started))
    run.start()
    backend = started.get()
    watch = Watch(waited={False: 0.0, True: 0.0})
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        since = time.monotonic()
        was_calculating = False
        while run.is_alive():
            cursor.execute(_STEP, [day])
            step = cursor.fetchone()
            # Before it is noted, it keeps the scores of the month before.
            is_calculating = step is not None and step != ("writing",)
            if is_calculating != was_calculating:
                watch.took(was_calculating, time.monotonic() - since)
                since, was_calculating = time.monotonic(), is_calculating
            cursor.execute(_WAITING, [backend])
            for waited, query in cursor.fetchall():
                if waited > watch.waited[is_calculating]:
                    watch.waited[is_calculating], watch.waiting = waited, query
            time.sleep(PAUSE)
        watch.took(was_calculating, time.monotonic() - since)
        watch.seconds = time.monotonic() - start
        cursor.execute(
            "SELECT MAX(state) FROM customer_tier_evaluation WHERE as_of = %s AND is_scheduled",
            [day],
        )
        (watch.state,) = cursor.fetchone()
    return watch


_STEP = "SELECT step FROM customer_tier_evaluation WHERE as_of = %s AND is_scheduled"
_WAITING = """
    SELECT EXTRACT(EPOCH FROM CLOCK_TIMESTAMP() - lock.waitstart)::float,
           LEFT(REGEXP_REPLACE(query, '\\s+', ' ', 'g'), 100)
      FROM pg_locks AS lock JOIN pg_stat_activity AS person ON person.pid = lock.pid
     WHERE NOT granted AND waitstart IS NOT NULL AND %s = ANY(PG_BLOCKING_PIDS(lock.pid))
"""


def _run(database, day, started):
    with Registry(database).cursor() as cr:
        cr.execute("SELECT PG_BACKEND_PID()")
        started.put(cr.fetchone()[0])
        env = Environment(cr, SUPERUSER_ID, {})
        env["customer.tier.policy"]._get_active()._evaluate_and_commit(day)
    os._exit(0)


def _forget(database: str) -> None:
    """Take back what was calculated before."""
    with odoo_environment(database) as env:
        env.cr.execute("TRUNCATE customer_standing CASCADE")
        env.cr.execute("DELETE FROM customer_tier_evaluation")


def main() -> int:
    """Measure each number of customers in a database of its own."""
    limits = Limits()
    for customers in sizes(*USUAL):
        with generated_database(customers) as database:
            measure(database, limits)
    return limits.exit_code()


if __name__ == "__main__":
    sys.exit(main())
