from contextlib import closing

from freezegun import freeze_time

from odoo.addons.customer_tiering.engine.locks import lock_for_connection, unlock
from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError
from odoo.addons.queue_job.tests.common import trap_jobs
from odoo.addons.queued_runs.tests.common import JobsCase
from odoo.exceptions import UserError
from odoo.tests import tagged

from ..hooks import uninstall_hook

EVALUATE = "customer_tiering.ir_cron_evaluate"
DAY = "2026-06-09"


@tagged("post_install", "-at_install")
class TestTierRunJobs(JobsCase, TieringCase):
    """Each policy's nightly run is a job, which is done once and says what went wrong."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.make_company("Southwind")
        cls.acme = cls.make_customer("Acme")
        for company in (cls.company, cls.south):
            cls.make_order(cls.acme, 90, "2026-06-01", company=company)
            cls.policy_of(company).evaluation_hour = 0
        cls.env["customer.tier.policy"].search(
            [("company_id", "not in", (cls.company + cls.south).ids)]
        ).active = False

    def setUp(self):
        super().setUp()
        self.leave_to_jobs()
        self.enterContext(freeze_time(f"{DAY} 20:00:00"))

    def tier_jobs(self):
        return self.jobs("root.customer_tiering")

    def test_the_nightly_action_queues_a_job_for_each_policy(self):
        self.run_action(EVALUATE)
        self.assertEqual(
            self.tier_jobs().mapped("name"),
            [
                "Tier run of Northwind as of Jun 9, 2026",
                "Tier run of Southwind as of Jun 9, 2026",
            ],
        )
        self.assertEqual(self.tier_jobs().company_id, self.company + self.south)
        self.assertFalse(self.policy.evaluation_ids)
        # The action comes back every hour, also while a job is under way.
        self.tier_jobs()[0].state = "started"
        self.run_action(EVALUATE)
        self.assertEqual(len(self.tier_jobs()), 2)
        self.tier_jobs()[0].state = "pending"
        self.perform(self.tier_jobs())
        for company in (self.company, self.south):
            self.assertTrue(self.standing(self.acme, company).tier_id)
        self.assertIn("1 customer got a first tier.", self.tier_jobs()[0].result)
        self.run_action(EVALUATE)
        self.assertEqual(len(self.tier_jobs()), 2)

    def test_the_job_is_told_the_day_and_keeps_it_after_midnight(self):
        with trap_jobs() as trap:
            self.policy._enqueue_run("_run_scheduled_job")
        trap.assert_jobs_count(1)
        [call] = trap.calls
        self.assertEqual(str(call.args[0]), DAY)
        self.run_action(EVALUATE)
        with freeze_time("2026-06-10 00:05:00"):
            self.perform(self.tier_jobs()[0])
        self.assertEqual(str(self.policy.last_evaluation_id.as_of), DAY)

    def test_a_job_that_is_repeated_after_its_process_was_killed_does_nothing_twice(self):
        self.run_action(EVALUATE)
        job = self.tier_jobs()[0]
        self.perform(job)
        job.state = "pending"
        self.perform(job)
        self.assertEqual(len(self.policy.evaluation_ids), 1)
        self.assertIn("was done already", job.result)

    def test_a_job_that_comes_after_a_later_run_turns_nothing_back(self):
        self.run_action(EVALUATE)
        with freeze_time("2026-06-10 08:00:00"):
            self.policy.evaluate()
            self.perform(self.tier_jobs()[0])
        self.assertEqual(str(self.policy.last_evaluation_id.as_of), "2026-06-10")
        self.assertEqual(len(self.policy.evaluation_ids), 1)

    def test_a_run_that_fails_fails_the_job_with_its_message(self):
        self.policy.criterion_ids.unlink()
        self.run_action(EVALUATE)
        with self.assertRaisesRegex(FailedJobError, "no criteria"):
            self.perform(self.tier_jobs()[0])
        self.env.invalidate_all()
        self.assertEqual(self.policy.evaluation_ids.state, "failed")
        self.perform(self.tier_jobs()[1])
        self.assertTrue(self.standing(self.acme, self.south).tier_id)
        # The action leaves it at that for today; who has seen to the cause repeats the job.
        self.run_action(EVALUATE)
        self.assertEqual(len(self.tier_jobs()), 2)
        self.judge_by_revenue()
        self.perform(self.tier_jobs()[0])
        self.assertTrue(self.standing(self.acme).tier_id)

    def test_a_job_waits_while_another_run_is_under_way(self):
        self.run_action(EVALUATE)
        job = self.tier_jobs()[0]
        with closing(self.registry._db.cursor()) as elsewhere:
            self.assertTrue(lock_for_connection(elsewhere, self.policy.id))
            try:
                with self.assertRaisesRegex(RetryableJobError, "at this moment") as caught:
                    self.perform(job)
            finally:
                # Others use the connection next.
                unlock(elsewhere, self.policy.id)
        self.assertTrue(caught.exception.ignore_retry)
        self.assertFalse(self.policy.evaluation_ids)
        self.perform(job)
        self.assertEqual(self.policy.evaluation_ids.state, "done")

    def test_recalculate_queues_a_job_with_the_users_rights(self):
        manager = self.make_member("tier_manager", "customer_tiering.group_tiering_manager")
        policy = self.policy.with_user(manager)
        action = policy.action_evaluate()
        job = self.tier_jobs()
        self.assertEqual(job.user_id, manager)
        self.assertIn("A job was queued: Tier run of Northwind", action["params"]["message"])
        opened = action["params"]["next"]
        self.assertEqual(
            self.env[opened["res_model"]].with_user(manager).search(opened["domain"]), job
        )
        # Pressed twice, it is one job.
        policy.action_evaluate()
        self.assertEqual(self.tier_jobs(), job)
        self.perform(job)
        self.assertTrue(self.standing(self.acme).tier_id)
        self.assertEqual(self.policy.evaluation_ids.user_id, manager)
        self.assertFalse(self.policy.evaluation_ids.is_scheduled)

    def test_the_dialog_that_asks_first_leads_to_the_job_too(self):
        self.policy.evaluate()
        asked = self.policy.action_recalculate()
        wizard = self.env["customer.tier.run.wizard"].browse(asked["res_id"])
        self.assertEqual(wizard.action_confirm()["params"]["next"]["res_model"], "queue.job")

    def test_what_can_be_refused_is_refused_at_once(self):
        self.policy.criterion_ids.unlink()
        with self.assertRaisesRegex(UserError, "no criteria"):
            self.policy.action_evaluate()
        self.assertFalse(self.tier_jobs())

    def test_without_jobs_all_is_done_at_once(self):
        self.leave_to_jobs("never")
        self.run_action(EVALUATE)
        self.assertTrue(self.standing(self.acme).tier_id)
        action = self.policy.action_evaluate()
        self.assertEqual(action["params"]["message"], "No customer changed tier.")
        self.assertFalse(self.tier_jobs())

    def test_jobs_are_queued_by_default_while_a_runner_is_at_work(self):
        self.leave_to_jobs("when_running")
        with self.runner_at_work():
            self.run_action(EVALUATE)
        self.assertEqual(len(self.tier_jobs()), 2)
        # The runner is gone: the action does what is due, and the jobs find it done.
        self.run_action(EVALUATE)
        self.assertTrue(self.standing(self.acme).tier_id)
        self.perform(self.tier_jobs())
        self.assertEqual(len(self.policy.evaluation_ids), 1)

    def test_jobs_that_wait_are_cancelled_when_it_is_uninstalled(self):
        self.run_action(EVALUATE)
        uninstall_hook(self.env)
        self.assertEqual(set(self.tier_jobs().mapped("state")), {"cancelled"})
