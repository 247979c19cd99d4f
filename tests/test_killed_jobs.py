"""A worker of the job queue that is killed: nothing is lost, and nothing is done twice."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator

import pytest
from kills import number_of_kills
from odoo_processes import OdooProcesses, wait_until
from shop_data import ShopData
from supply_data import SupplyData

TAKES_MINUTES = True

CUSTOMERS = 1_200
# Of so many customers somebody hears.
TOLD_OF = 200
AGREEMENTS = 4
KILLS = number_of_kills(10)

QUEUE = """
for name in ("customer_tiering.ir_cron_evaluate", "customer_tiering.ir_cron_settle",
             "supply_partner.ir_cron_review"):
    env.ref(name).method_direct_trigger()
"""
WORK = """
from odoo.addons.queued_runs.tests.worker import requeue_dead, work_off
requeue_dead(env)
env.cr.commit()
result = work_off(env)
"""
PREPARE = """
env["ir.config_parameter"].set_param("queued_runs.mode", "always")
env["customer.tier.policy"].search([]).write(
    {"evaluation_hour": 0, "grace_days": 0, "one_step_downgrade": False}
)
env["res.company"].search([]).write({"vmi_review_hour": 0})
"""
LISTEN = """
sam = env["res.users"].create({
    "name": "Sam", "login": "sam", "notification_type": "inbox",
    "tells_upgrades": True, "tells_downgrades": True,
    "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
})
customers = env["res.partner"].search([("name", "=like", "Customer %")], limit=TOLD_OF)
customers.user_id = sam
env["customer.tier.policy"].search([])._evaluate_and_commit()
result = customers.ids
"""


class Works(ShopData):
    """Customers who were ranked once, and agreements that are due."""

    def __init__(self, database: str, odoo: OdooProcesses):
        super().__init__(database)
        self.odoo = odoo
        self.supply = SupplyData(database, odoo)
        odoo.run(PREPARE)
        self.add_customers(CUSTOMERS)
        self.told_of = set(odoo.run(LISTEN.replace("TOLD_OF", str(TOLD_OF))))
        self.before = self.standings()
        assert len(self.before) == CUSTOMERS
        self.moved = len(self.ledger())

    def queue(self) -> None:
        """Make work and have the scheduled actions queue it."""
        self.draw_amounts()
        self.query("DELETE FROM customer_tier_evaluation WHERE is_scheduled")
        self.bought = self.supply.make_agreements(AGREEMENTS, "automatic")
        # These are beside the others, which making agreements ends.
        self.asked = self.supply.odoo.run(
            f"""
agreements = env["vmi.agreement"].browse({self.bought[AGREEMENTS // 2 :]})
agreements.decision = "buyer"
result = agreements.ids
"""
        )
        self.query("UPDATE vmi_agreement SET next_review_date = CURRENT_DATE WHERE state='running'")
        self.odoo.run(QUEUE)

    def states(self) -> Counter:
        """Return how many jobs are in which state."""
        return Counter(dict(self.query("SELECT state, COUNT(*) FROM queue_job GROUP BY state")))

    def check_standings(self) -> None:
        """Check that everybody is ranked once, and each move is in the ledger once."""
        after = self.standings()
        assert after.keys() == self.before.keys()
        moves = {
            (partner, self.before[partner][0], after[partner][0])
            for partner in after
            if self.before[partner][0] != after[partner][0]
        }
        assert len(moves) > CUSTOMERS / 10
        assert Counter(self.ledger()[self.moved :]) == Counter(moves)

    def check_announced(self) -> None:
        """Check that Sam heard of each move once."""
        heard = self.query(
            """
            SELECT message.res_id, COUNT(*) FROM mail_message AS message
              JOIN mail_notification ON mail_notification.mail_message_id = message.id
              JOIN ir_model_data AS subtype
                ON subtype.res_id = message.subtype_id AND subtype.model = 'mail.message.subtype'
               AND subtype.module = 'customer_tiering'
             WHERE message.model = 'res.partner'
          GROUP BY message.res_id
            """
        )
        assert Counter(dict(heard)) == Counter(
            partner
            for partner, old, new in self.ledger()
            if old and new and partner in self.told_of
        )
        assert len(dict(heard)) > TOLD_OF / 10

    def check_supply(self) -> None:
        """Check that each agreement was proposed for, ordered and told of once."""
        ordered = [agreement for agreement in self.bought if agreement not in self.asked]
        assert sorted(self.supply.proposed(self.bought)) == sorted(
            [("ordered", 120, agreement) for agreement in ordered]
            + [("draft", 120, agreement) for agreement in self.asked]
        )
        orders = self.supply.ordered(self.bought)
        assert sorted(rest for _order, *rest in orders) == [
            ["purchase", 120, agreement] for agreement in ordered
        ]
        # Nothing is in stock, which buyers are told by an activity of each kind.
        activities = self.query(
            """
            SELECT res_id, activity_type_id, COUNT(*) FROM mail_activity
             WHERE res_model = 'vmi.agreement' AND res_id = ANY(%s)
          GROUP BY res_id, activity_type_id
            """,
            [self.bought],
        )
        assert {agreement for agreement, *_rest in activities} == set(self.bought)
        assert {count for *_rest, count in activities} == {1}


@pytest.fixture
def works(clone_database: Callable[..., str], tmp_path) -> Iterator[Works]:
    database = clone_database("killed_jobs")
    odoo = OdooProcesses(database, tmp_path)
    yield Works(database, odoo)
    odoo.end()


def test_a_worker_killed_at_any_moment_loses_and_doubles_nothing(works: Works):
    works.queue()
    assert works.states()["pending"] >= 2
    dice = random.Random(3)
    for kill in range(KILLS):
        # The queue gives up a job that is killed five times; here one may be killed each time.
        works.query("UPDATE queue_job SET max_retries = 0")
        work = works.odoo.start(WORK)
        # Kills fall into every part of what is left, and the last ones find little of it.
        time.sleep(0.3 + 1.5 * dice.random())
        work.kill()
        wait_until(lambda: not works.connections())
        # The scheduled actions come back meanwhile, and queue what follows.
        if kill % 3 == 2:
            works.query("DELETE FROM ir_cron_progress")
            works.odoo.run(QUEUE)
    for _time in range(2):
        works.query("DELETE FROM ir_cron_progress")
        works.query("UPDATE queue_job SET eta = NULL WHERE state = 'pending'")
        works.odoo.run(WORK)
        works.odoo.run(QUEUE)
    works.odoo.run(WORK)
    works.check_standings()
    works.check_announced()
    works.check_supply()
    assert works.states().keys() == {"done"}
