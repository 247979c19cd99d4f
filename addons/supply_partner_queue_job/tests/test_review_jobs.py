from contextlib import closing
from unittest.mock import patch

from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError
from odoo.addons.queued_runs.tests.common import JobsCase
from odoo.addons.queued_runs.tools import held_for_connection
from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..hooks import uninstall_hook
from ..models import vmi_agreement

REVIEW = "supply_partner.ir_cron_review"
CHANNEL = "root.supply_partner"


@tagged("post_install", "-at_install")
class TestReviewJobs(JobsCase, VmiCase):
    """What is due is reviewed and ordered by jobs, once, and what went wrong fails the job."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["vmi.agreement"].sudo().search([("state", "=", "running")]).action_suspend()
        cls.company.sudo().vmi_review_hour = 0
        cls.nails = cls.make_product("Nails", cls.vendor)
        cls.bolts = cls.make_product("Bolts", cls.vendor)
        cls.first = cls.make_agreement((cls.screws, 60, 120), (cls.nails, 5, 10))
        cls.second = cls.make_agreement((cls.bolts, 60, 120), decision="automatic")
        cls.both = cls.first + cls.second
        cls.both.next_review_date = cls.company._vmi_today()

    def setUp(self):
        super().setUp()
        self.leave_to_jobs()

    def review_jobs(self):
        return self.jobs(CHANNEL)

    def proposals(self):
        return self.both.proposal_ids.sorted("id")

    def test_what_is_due_is_one_job_of_the_company(self):
        self.run_action(REVIEW)
        job = self.review_jobs()
        self.assertEqual(job.records.ids, self.both.sorted("id", reverse=True).ids)
        self.assertRegex(job.name, "^Review of 2 agreements, Northwind, ")
        self.assertEqual(job.company_id, self.company)
        self.assertFalse(self.proposals())
        # The action comes back every hour, also while the job is under way.
        job.state = "started"
        self.run_action(REVIEW)
        self.assertEqual(self.review_jobs(), job)
        self.perform(job)
        self.assertEqual(self.first.proposal_ids.state, "draft")
        self.assertEqual(self.second.proposal_ids.state, "ordered")
        self.assertEqual(len(self.second.purchase_order_ids), 1)
        # Done again, as after a process was killed.
        job.state = "pending"
        self.perform(job)
        self.run_action(REVIEW)
        self.assertEqual(len(self.proposals()), 2)
        self.assertEqual(len(self.second.purchase_order_ids), 1)
        self.assertEqual(self.review_jobs(), job)

    def test_a_job_has_whole_agreements_up_to_so_many_lines(self):
        with patch.object(vmi_agreement, "MOST_LINES", 2):
            self.run_action(REVIEW)
        self.assertEqual(
            sorted(job.records.ids for job in self.review_jobs()),
            [[agreement.id] for agreement in self.both.sorted("id")],
        )
        self.assertIn(f"Review of {self.second.name}, ", self.review_jobs()[0].name)

    def test_companies_have_jobs_of_their_own(self):
        south = self.make_company("Southwind")
        south.sudo().vmi_review_hour = 0
        buyer = self.make_buyer("south buyer", south)
        env = self.env(user=buyer, context={"allowed_company_ids": south.ids})
        warehouse = self.warehouse_of(south).sudo()
        agreement = (
            self.first.sudo()
            .with_company(south)
            .copy(
                {
                    "company_id": south.id,
                    "user_id": buyer.id,
                    "warehouse_id": warehouse.id,
                    "location_id": warehouse.lot_stock_id.id,
                }
            )
        )
        agreement.with_env(env).action_start()
        agreement.next_review_date = south._vmi_today()
        self.run_action(REVIEW)
        jobs = self.review_jobs()
        self.assertEqual(jobs.company_id, self.company + south)
        # Southwind's job does not wait for Northwind's.
        with (
            closing(self.registry._db.cursor()) as elsewhere,
            held_for_connection(elsewhere, vmi_agreement.LOCK_SPACE, self.company.id),
        ):
            for job in jobs:
                if job.company_id == south:
                    self.perform(job)
                    continue
                with self.assertRaisesRegex(RetryableJobError, "Northwind") as caught:
                    self.perform(job)
                self.assertTrue(caught.exception.ignore_retry)
        self.assertEqual(len(agreement.proposal_ids), 1)
        self.assertFalse(self.proposals())

    def test_orders_that_a_killed_job_left_are_made_by_the_next(self):
        self.second.decision = "buyer"
        self.second.review()
        self.second.decision = "automatic"
        self.first.next_review_date = False
        self.run_action(REVIEW)
        self.assertEqual(self.review_jobs().records.ids, self.second.ids)
        self.perform(self.review_jobs())
        self.assertEqual(self.second.proposal_ids.state, "ordered")

    def test_an_agreement_that_cannot_be_reviewed_fails_the_job_and_no_other(self):
        self.run_action(REVIEW)
        review = type(self.first)._review_company

        def failing(agreements, company):
            if self.first in agreements:
                raise UserError("No stock is known.")  # pylint: disable=translation-required
            return review(agreements, company)

        with (
            mute_logger("odoo.addons.supply_partner.models.vmi_agreement"),
            patch.object(type(self.first), "_review_company", failing),
            self.assertRaisesRegex(FailedJobError, f"{self.first.name}: No stock is known."),
        ):
            self.perform(self.review_jobs())
        self.env.invalidate_all()
        self.assertEqual(self.second.proposal_ids.state, "ordered")
        self.assertIn("No stock is known.", self.first.failure_message)

    def test_review_now_queues_a_job_with_the_buyers_rights(self):
        action = self.first.action_review()
        job = self.review_jobs()
        self.assertEqual(job.user_id, self.buyer)
        self.assertIn(f"A job was queued: Review of {self.first.name}", action["params"]["message"])
        opened = action["params"]["next"]
        self.assertEqual(self.env[opened["res_model"]].search(opened["domain"]), job)
        self.first.action_review()
        self.assertEqual(self.review_jobs(), job)
        self.perform(job)
        self.assertEqual(self.first.proposal_ids.state, "draft")
        self.assertEqual(job.result, f"Proposed: {self.first.proposal_ids.name}.")

    def test_what_can_be_refused_is_refused_at_once(self):
        self.first.action_suspend()
        with self.assertRaisesRegex(UserError, "only a running agreement"):
            self.first.action_review()
        self.assertFalse(self.review_jobs())

    def test_without_jobs_all_is_done_at_once(self):
        self.leave_to_jobs("never")
        self.run_action(REVIEW)
        self.assertEqual(self.proposals().mapped("state"), ["draft", "ordered"])
        self.assertFalse(self.review_jobs())
        self.assertNotEqual(self.first.action_review().get("tag"), "queue.job")

    def test_jobs_are_queued_by_default_while_a_runner_is_at_work(self):
        self.leave_to_jobs("when_running")
        with self.runner_at_work():
            self.run_action(REVIEW)
        self.assertFalse(self.proposals())
        # The runner is gone: the action does what is due, and the job finds it done.
        self.run_action(REVIEW)
        self.perform(self.review_jobs())
        self.assertEqual(len(self.proposals()), 2)

    def test_jobs_that_wait_are_cancelled_when_it_is_uninstalled(self):
        self.run_action(REVIEW)
        uninstall_hook(self.env(su=True))
        self.assertEqual(self.review_jobs().state, "cancelled")
