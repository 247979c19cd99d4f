"""Follow-ups whose planning is killed: each customer has one all the same, and one activity."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

import pytest
from odoo_processes import OdooProcesses, wait_until
from shop_data import ShopData

CUSTOMERS = 10_000
PLAN = 'env.ref("customer_tiering_followup.ir_cron_followup").method_direct_trigger()'
EVALUATE = 'env["customer.tier.policy"].search([])._evaluate_and_commit()'

# Everybody is due, for one account manager.
PROMISE = """
level = env["customer.service.level"].create({"name": "Monthly", "followup_days": 1})
env["customer.tier"].search([]).service_level_id = level
manager = env["res.users"].create({
    "name": "Sam", "login": "sam",
    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
})
level.user_id = manager
env.cr.commit()
"""


class Shop(ShopData):
    """Customers in tiers whose last contact lies long enough back."""

    def __init__(self, database: str, odoo: OdooProcesses):
        super().__init__(database)
        self.odoo = odoo
        self.add_customers(CUSTOMERS)
        self.query("UPDATE sale_order SET date_order = date_order - INTERVAL '30 days'")
        self.odoo.run(EVALUATE)
        self.odoo.run(PROMISE)

    def rows(self) -> list[tuple]:
        """Return the ledger's rows: customer, state, activity and day."""
        return self.query("SELECT partner_id, state, activity_id, date_due FROM customer_followup")

    def activities(self) -> int:
        """Return how many activities there are on customers."""
        return self.query(
            "SELECT COUNT(*) FROM mail_activity WHERE res_model = 'res.partner' AND active"
        )[0][0]

    def check_pairs(self) -> None:
        """Check that each activity has its row, and each row that claims one its activity."""
        served = [activity for _partner, _state, activity, _day in self.rows() if activity]
        assert self.activities() == len(set(served)) == len(served)
        assert all((state == "planned") == bool(activity) for _, state, activity, _ in self.rows())


@pytest.fixture(scope="module")
def shop(
    clone_shared_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shop]:
    database = clone_shared_database("killed_followup")
    odoo = OdooProcesses(database, tmp_path_factory.mktemp("killed_followup"))
    yield Shop(database, odoo)
    odoo.end()


def test_each_customer_is_planned_once_though_the_planning_is_killed(shop: Shop):
    dice = random.Random(5)
    moments = (
        # Before anything is planned, while rows are added, while activities are made.
        lambda: time.sleep(0.3 * dice.random()),
        lambda: wait_until(shop.rows),
        lambda: (wait_until(lambda: shop.activities() > 1000), time.sleep(dice.random())),
    )
    interrupted = 0
    for reach in moments:
        planning = shop.odoo.start(PLAN)
        reach()
        planning.kill()
        wait_until(lambda: not shop.connections())
        shop.check_pairs()
        interrupted += shop.activities() < CUSTOMERS
        # Odoo itself passes over an action once that was killed three times in a row.
        shop.query("DELETE FROM ir_cron_progress")
    assert interrupted == len(moments)
    for _call in range(CUSTOMERS // 1000):
        if shop.activities() == CUSTOMERS:
            break
        shop.odoo.run(PLAN)
    shop.odoo.run(PLAN)
    shop.check_pairs()
    rows = shop.rows()
    assert len(rows) == shop.activities() == CUSTOMERS
    assert len({partner for partner, *_rest in rows}) == CUSTOMERS
    assert shop.query(
        "SELECT COUNT(DISTINCT res_id) FROM mail_activity WHERE res_model = 'res.partner'"
    ) == [(CUSTOMERS,)]
    assert len({day for *_rest, day in rows}) > 3
    assert shop.query("SELECT COUNT(*) FROM mail_mail") == [(0,)]
