from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.addons.queued_runs.tests.common import JobsCase
from odoo.tests import tagged

from ..models import customer_standing_change

SETTLE = "customer_tiering.ir_cron_settle"


@tagged("post_install", "-at_install")
class TestAnnouncements(JobsCase, TieringCase):
    """Changes of tier are announced by jobs, a block of the ledger each, and each change once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(window_months=1, grace_days=0)
        salesman = cls.make_member("told_salesman", "sales_team.group_sale_salesman")
        salesman.tells_upgrades = True
        cls.customers = cls.env["res.partner"].concat(
            *(cls.make_customer(f"Customer {n}", user_id=salesman.id) for n in range(5))
        )
        for customer in cls.customers:
            cls.make_order(customer, 10, "2026-05-20")
        cls.policy.evaluate("2026-06-01")
        for customer in cls.customers:
            cls.make_order(customer, 80, "2026-06-02")
        cls.policy.evaluate("2026-06-03")
        cls.changes = cls.env["customer.standing.change"].search(
            [("partner_id", "in", cls.customers.ids)], order="id"
        )

    def setUp(self):
        super().setUp()
        self.leave_to_jobs()
        # Two blocks at least, whatever the first id is.
        self.patch(customer_standing_change, "BLOCK", 3)
        self.env["queue.job"].sudo().search([]).unlink()

    def heard(self):
        return self.env["mail.message"].search_count(
            [
                ("model", "=", "res.partner"),
                ("res_id", "in", self.customers.ids),
                ("message_type", "=", "user_notification"),
            ]
        )

    def test_every_change_is_announced_once(self):
        self.run_action(SETTLE)
        jobs = self.jobs("root.customer_tiering")
        blocks = sorted({change.id // 3 for change in self.changes})
        self.assertEqual([job.args[1] for job in jobs], blocks)
        self.assertGreater(len(jobs), 1)
        self.assertIn("Notify of the tier changes of Northwind, rows", jobs[0].name)
        self.assertFalse(self.heard())
        # The action is triggered again before the jobs began.
        self.run_action(SETTLE)
        self.assertEqual(self.jobs("root.customer_tiering"), jobs)
        self.perform(jobs)
        self.assertEqual(self.heard(), 5)
        self.assertTrue(all(self.changes.mapped("is_announced")))
        # A job of a killed process is done again.
        jobs.state = "pending"
        self.perform(jobs)
        self.run_action(SETTLE)
        self.assertEqual(self.heard(), 5)
        self.assertEqual(self.jobs("root.customer_tiering"), jobs)

    def test_without_jobs_the_action_announces_by_itself(self):
        self.leave_to_jobs("never")
        self.run_action(SETTLE)
        self.assertEqual(self.heard(), 5)
        self.assertFalse(self.jobs("root.customer_tiering"))
