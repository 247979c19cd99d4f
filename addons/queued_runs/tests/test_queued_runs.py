from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook
from ..models.queued_runs import PARAMETER
from .common import JobsCase


@tagged("post_install", "-at_install")
class TestQueuedRuns(JobsCase, TransactionCase):
    """Work is queued when somebody works the queue off, and the same work once."""

    def setUp(self):
        super().setUp()
        self.runs = self.env["queued.runs"]
        self.leave_to_jobs("when_running")

    def enqueue(self, key="one"):
        return self.runs._enqueue(
            self.env["queue.job"], "_test_job", description=f"Job {key}", key=key
        )

    def test_by_default_a_runner_has_to_be_at_work(self):
        self.env["ir.config_parameter"].search([("key", "=", PARAMETER)]).unlink()
        self.assertFalse(self.runs._are_on())
        with self.runner_at_work():
            self.assertTrue(self.runs._are_on())
        self.assertFalse(self.runs._are_on())

    def test_always_and_never_ask_for_no_runner(self):
        self.leave_to_jobs("always")
        self.assertTrue(self.runs._are_on())
        self.leave_to_jobs("never")
        with self.runner_at_work():
            self.assertFalse(self.runs._are_on())

    def test_what_nobody_can_choose_is_the_default(self):
        self.leave_to_jobs("sometimes")
        self.assertFalse(self.runs._are_on())
        with self.runner_at_work():
            self.assertTrue(self.runs._are_on())

    def test_a_job_does_its_work_itself(self):
        self.leave_to_jobs("always")
        self.assertFalse(self.runs.with_context(job_uuid="one")._are_on())

    def test_the_same_is_queued_once_until_it_is_done(self):
        job = self.enqueue()
        self.assertEqual(job.name, "Job one")
        self.assertEqual(self.enqueue(), job)
        # The queue itself would take the same again while it is under way.
        job.state = "started"
        self.assertEqual(self.enqueue(), job)
        self.assertNotEqual(self.enqueue("two"), job)
        for ended in ("done", "failed", "cancelled"):
            job.state = ended
            again = self.enqueue()
            self.assertNotEqual(again, job, ended)
            again.state = "done"

    def test_the_user_is_told_and_sees_the_jobs(self):
        job = self.enqueue()
        params = self.runs._tell(job)["params"]
        self.assertEqual(
            params["message"],
            "A job was queued: Job one. The queue waits until a job runner is at work.",
        )
        self.assertEqual(params["next"]["domain"], [("id", "in", job.ids)])
        with self.runner_at_work():
            told = self.runs._tell(job + self.enqueue("two"))["params"]["message"]
        self.assertEqual(
            told, "2 jobs were queued. A job runner works the queue off in the background."
        )

    def test_open_jobs_of_a_channel_are_cancelled(self):
        job, done = self.enqueue(), self.enqueue("two")
        done.state = "done"
        self.runs._cancel_open("root.other")
        self.assertEqual(job.state, "pending")
        self.runs._cancel_open("root")
        self.assertEqual(job.state, "cancelled")
        self.assertIn("no longer installed", job.result)
        self.assertEqual(done.state, "done")

    def test_nothing_is_left_when_it_is_uninstalled(self):
        self.leave_to_jobs("never")
        uninstall_hook(self.env)
        self.assertFalse(self.env["ir.config_parameter"].search([("key", "=", PARAMETER)]))
