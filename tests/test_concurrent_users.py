"""People at work while policies are evaluated: nobody waits for a calculation, nothing fails."""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing

import psycopg2
import pytest
from odoo_processes import OdooProcesses, wait_until
from shop_data import ShopData

TAKES_MINUTES = True

CUSTOMERS = 5_000
EVALUATE = 'env["customer.tier.policy"].search([])._evaluate_and_commit()'
FOLLOW_UP = 'env.ref("customer_tiering.ir_cron_settle").method_direct_trigger()'
CALCULATION = ("reading", "scoring", "ranking")


class BusyShop(ShopData):
    """Customers to work with, half of whom may leave."""

    def __init__(self, database: str, odoo: OdooProcesses):
        super().__init__(database)
        self.odoo = odoo
        self.add_customers(CUSTOMERS)
        odoo.run('env["product.product"].create({"name": "Advice", "type": "service"})')
        ids = [partner for (partner,) in self.query("SELECT DISTINCT partner_id FROM sale_order")]
        self.customers, self.leavers = sorted(ids)[: CUSTOMERS // 2], sorted(ids)[CUSTOMERS // 2 :]

    def people(self, work: str, seed: int = 0) -> str:
        """Return the script by which people do their work with customers of their own."""
        leavers, self.leavers = self.leavers[:200], self.leavers[200:]
        people = f"People(env, {self.customers[seed::2]}, {leavers}, {seed})"
        return f"from people import People\nresult = {people}.{work}"

    def start_calculation(self, step: str):
        """Start a run and return it once it has come to the step."""
        run = self.odoo.start(EVALUATE)
        wait_until(lambda: self.last_run()[:2] == ("running", step))
        return run

    def check_respected(self, reports: list[dict]) -> None:
        """Check that the last run and its follow-up kept to all that people did meanwhile."""
        assert self.last_run() == ("done", "writing", None)
        self.odoo.run(FOLLOW_UP)
        standings = self.standings()
        gone = {partner for report in reports for partner in report["gone"]}
        assert gone
        assert not gone & standings.keys()
        assert not gone & {partner for partner, *_tiers in self.ledger()}
        locks = self.query(
            "SELECT partner_id, tier_id, id FROM customer_tier_override WHERE state = 'active'"
        )
        assert locks
        for partner, tier, lock in locks:
            assert (standings[partner][0], standings[partner][-1]) == (tier, lock)


@pytest.fixture(scope="module")
def shop(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[BusyShop]:
    database = clone_shared_database("busy")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("busy"))
    yield BusyShop(database, odoo)
    odoo.end()


def longest(report: dict) -> dict[str, float]:
    """Return the seconds of each thing's longest attempt."""
    seconds = defaultdict(float)
    for thing, _start, attempts in report["times"]:
        seconds[thing] = max(seconds[thing], *attempts)
    return dict(seconds)


def test_nobody_waits_for_a_calculation(shop: BusyShop):
    reports = []
    for step in CALCULATION:
        run = shop.start_calculation(step)
        with run.standing_still():
            reports.append(shop.odoo.run(shop.people("work(1)")))
            assert shop.last_run()[1] in CALCULATION
            assert run.is_running()
        run.result()
        assert not reports[-1]["failures"]
        assert all(len(attempts) == 1 for _thing, _start, attempts in reports[-1]["times"])
        shop.check_respected(reports)


def test_who_renames_a_tier_waits_for_no_run_and_who_archives_one_does(shop: BusyShop):
    shop.odoo.run(EVALUATE)
    shop.draw_amounts()
    second = 'env["customer.tier"].with_context(active_test=False).search([])[1]'
    with shop.held("LOCK TABLE customer_standing_change IN SHARE MODE"):
        run = shop.odoo.start(EVALUATE)
        wait_until(shop.waiting)
        shop.odoo.run(f'{second}.name = "Friends"')
        archiving = shop.odoo.start(f"{second}.active = False")
        wait_until(lambda: shop.waiting() == 2)
    archiving.result()
    run.result()
    assert shop.last_run() == ("done", "writing", None)
    shop.odoo.run(f"{second}.active = True")


def test_a_tier_that_is_archived_before_a_run_writes_stops_it(shop: BusyShop):
    shop.draw_amounts()
    second = 'env["customer.tier"].with_context(active_test=False).search([])[1]'
    run = shop.start_calculation("ranking")
    with run.standing_still():
        shop.odoo.run(f"{second}.active = False")
    run.result()
    assert "was archived or deleted while the run was under way" in shop.last_run()[2]
    shop.odoo.run(f"{second}.active = True")


def test_a_second_run_is_refused_with_a_message(shop: BusyShop):
    run = shop.start_calculation("reading")
    with run.standing_still():
        refused = shop.odoo.run(
            """
from odoo.exceptions import UserError
try:
    env["customer.tier.policy"].search([]).evaluate()
except UserError as error:
    result = str(error)
"""
        )
        assert "are being calculated at this moment: wait until that run is done." in refused
        shop.odoo.run(EVALUATE)
        assert shop.last_run() == ("failed", None, refused)
    run.result()
    shop.odoo.run(EVALUATE)
    assert shop.last_run()[0] == "done"


def test_people_and_runs_get_along(shop: BusyShop):
    people = [shop.odoo.start(shop.people("work(4)", seed)) for seed in range(2)]
    runs = 0
    while any(work.is_running() for work in people):
        shop.odoo.run(EVALUATE)
        assert shop.last_run() == ("done", "writing", None)
        shop.draw_amounts(shop.customers)
        runs += 1
    assert runs > 1
    reports = [work.result() for work in people]
    for report in reports:
        assert not report["failures"], report["failures"][0]
        # Generous, for a busy machine: a deadlock or a wait without end takes longer.
        assert max(longest(report).values()) < 10
    shop.odoo.run(EVALUATE)
    shop.check_respected(reports)
    assert shop.standings().keys() == {
        partner
        for (partner,) in shop.query("SELECT partner_id FROM sale_order WHERE state = 'sale'")
    }


def test_a_run_of_a_new_month_ends_though_somebody_is_deleted_meanwhile(shop: BusyShop):
    shop.odoo.run(EVALUATE)
    # So that the scores of the month before are kept first.
    shop.query("UPDATE customer_tier_evaluation SET as_of = as_of - 31")
    leaver = shop.leavers.pop()
    with closing(psycopg2.connect(dbname=shop.database)) as connection:
        cursor = connection.cursor()
        cursor.execute("DELETE FROM sale_order WHERE partner_id = %s", [leaver])
        cursor.execute("DELETE FROM res_partner WHERE id = %s", [leaver])
        run = shop.odoo.start(EVALUATE)
        wait_until(shop.waiting)
        connection.commit()
    run.result()
    assert shop.last_run() == ("done", "writing", None)
    [(kept,)] = shop.query("SELECT COUNT(*) FROM customer_standing_month")
    assert kept > CUSTOMERS / 2
    assert leaver not in shop.standings()


def test_a_run_ends_though_customers_are_deleted_all_the_time(shop: BusyShop):
    shop.odoo.run(EVALUATE)
    shop.draw_amounts()
    shop.add_customers(500)
    stop = threading.Event()
    deleted = []

    def delete_on_and_on():
        with closing(psycopg2.connect(dbname=shop.database)) as connection:
            for partner in shop.leavers:
                if stop.is_set():
                    return
                try:
                    with connection, connection.cursor() as cursor:
                        cursor.execute("DELETE FROM sale_order WHERE partner_id = %s", [partner])
                        cursor.execute("DELETE FROM res_partner WHERE id = %s", [partner])
                    deleted.append(partner)
                except psycopg2.errors.DeadlockDetected:
                    pass

    deleting = threading.Thread(target=delete_on_and_on)
    deleting.start()
    try:
        shop.odoo.run(EVALUATE)
        still_deleting = deleting.is_alive()
    finally:
        stop.set()
        deleting.join()
    assert still_deleting
    assert len(deleted) > 10
    assert shop.last_run() == ("done", "writing", None)
    assert not set(deleted) & shop.standings().keys()
