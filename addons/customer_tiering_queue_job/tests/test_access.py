from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.addons.queued_runs.tests.common import JobsCase
from odoo.exceptions import AccessError
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAccess(JobsCase, TieringCase):
    """Who sets policies sees the jobs of tier runs; who manages the queue sees all of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        runs = cls.env["queued.runs"]
        jobs = cls.env["queue.job"].sudo()
        cls.other = runs._enqueue(jobs, "_test_job", description="Other", key="other")
        cls.job = cls.policy._enqueue_run("_run_scheduled_job")
        cls.both = cls.other + cls.job
        cls.elsewhere = cls.policy_of(cls.make_company("Southwind"))._enqueue_run("_run_job")

    def seen_by(self, login, *groups):
        user = self.make_member(login, *groups)
        jobs = self.env["queue.job"].with_user(user)
        return jobs.search([("id", "in", (self.both + self.elsewhere).ids)])

    def test_who_sets_policies_sees_tier_runs_of_the_company(self):
        seen = self.seen_by("tier_manager", "customer_tiering.group_tiering_manager")
        self.assertEqual(seen, self.job)
        with self.assertRaises(AccessError):
            seen.priority = 1

    def test_who_manages_the_queue_sees_all_of_the_company(self):
        groups = "queue_job.group_queue_job_manager", "customer_tiering.group_tiering_manager"
        self.assertEqual(self.seen_by("queue_manager", "base.group_user", *groups), self.both)

    def test_others_see_none(self):
        with self.assertRaises(AccessError):
            self.seen_by("salesman", "sales_team.group_sale_salesman")
