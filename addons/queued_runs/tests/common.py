from contextlib import closing, contextmanager

from odoo.addons.queue_job.job import Job
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.tools import SQL

from ..models.queued_runs import PARAMETER


class JobsCase:
    """For test cases whose work is left to jobs: what is queued, and a worker that does it."""

    def leave_to_jobs(self, mode="always"):
        self.env["ir.config_parameter"].sudo().set_param(PARAMETER, mode)

    @contextmanager
    def runner_at_work(self):
        """Hold the lock that a job runner holds, on a connection of its own."""
        with closing(self.registry._db.cursor()) as cr:
            cr.execute(SQL("SELECT pg_try_advisory_lock(%s)", PG_ADVISORY_LOCK_ID))
            self.assertTrue(cr.fetchone()[0])
            try:
                yield
            finally:
                cr.execute(SQL("SELECT pg_advisory_unlock(%s)", PG_ADVISORY_LOCK_ID))

    def jobs(self, channel=""):
        """Return the jobs of the database, oldest first."""
        return self.env["queue.job"].sudo().search([("channel", "like", channel)], order="id")

    def perform(self, jobs):
        """Do jobs one after the other, as a worker does; the first that fails raises."""
        with self.enter_registry_test_mode():
            for record in jobs:
                job = Job.load(self.env, record.uuid)
                job.set_started()
                job.perform()
                job.set_done()
                job.store()
        self.env.invalidate_all()

    def run_action(self, name):
        """Let a scheduled action run."""
        with self.enter_registry_test_mode():
            self.env.ref(name).sudo().method_direct_trigger()
        self.env.invalidate_all()
