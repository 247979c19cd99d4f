from functools import partial

from odoo import api, models
from odoo.addons.customer_tiering.engine.locks import is_locked_elsewhere
from odoo.addons.overview_page.tools.dates import format_full_day
from odoo.addons.queue_job.exception import FailedJobError, RetryableJobError
from odoo.exceptions import UserError

# After which a job asks again whether the run that was under way is done.
RETRY_SECONDS = 60


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    @api.model
    def _cron_evaluate(self):
        """Queue a job for each policy that is due, where work is left to jobs."""
        if not self.env["queued.runs"]._are_on():
            return super()._cron_evaluate()
        for policy in self._find_due():
            policy._enqueue_run("_run_scheduled_job")
        self.env["ir.cron"]._commit_progress()
        return None

    def action_evaluate(self):
        """Queue the tier run where work is left to jobs, and show the job."""
        if not self.env["queued.runs"]._are_on():
            return super().action_evaluate()
        self.ensure_one()
        self.check_access("write")
        # What can be refused is refused now, not in a list of jobs.
        self._check_ready(self._get_today())
        return self.env["queued.runs"]._tell(self._enqueue_run("_run_job"))

    def _enqueue_run(self, method):
        """Queue a tier run as of today; the job is told the day, for it may begin after midnight.

        :return: the ``queue.job`` record
        """
        day = self._get_today()
        return self.env["queued.runs"]._enqueue(
            self.with_company(self.company_id),
            method,
            day,
            description=self.env._(
                "Tier run of %(company)s as of %(day)s",
                company=self.company_id.name,
                day=format_full_day(self.env, day),
            ),
            key=f"customer_tiering:{method}:{self.id}:{day}",
        )

    def _run_scheduled_job(self, day):
        """Do the nightly tier run of a day, once.

        :return: what is told about the job
        :raise RetryableJobError: while another run is under way, or when the rules changed
        :raise FailedJobError: when the run failed, with its message
        """
        if not self.exists():
            return self.env._("The policy was deleted.")
        # The job of a killed process is done again, also when all was written.
        if self._was_done(day):
            return self.env._("A tier run as of this day, or a later one, was done already.")
        self._wait_for_other_run()
        run = partial(self._evaluate_and_commit, day)
        evaluation = self._attempt_run(self.company_id, run)
        if not evaluation:
            raise FailedJobError(self._get_failure(self.company_id, "evaluate"))
        if evaluation.state == "failed":
            error = RetryableJobError if evaluation.is_retried else FailedJobError
            raise error(evaluation.message)
        return self._describe_run_done(evaluation)

    def _was_done(self, day):
        """Return whether the nightly run of a day was done, or any of a later day.

        One that failed was not: who has seen to the cause may put its job into the queue again.
        """
        evaluations = self.env["customer.tier.evaluation"]
        last = evaluations._get_last(self.company_id).as_of
        return bool(last and last > day) or bool(
            evaluations.search_count(
                [
                    ("policy_id", "=", self.id),
                    ("as_of", "=", day),
                    ("is_scheduled", "=", True),
                    ("state", "in", ("done", "skipped")),
                ],
                limit=1,
            )
        )

    def _run_job(self, day):
        """Do the tier run that a user asked for, with the user's rights.

        :return: what is told about the job
        :raise RetryableJobError: while another run is under way
        :raise UserError: as ``evaluate``
        """
        if not self.exists():
            return self.env._("The policy was deleted.")
        self._wait_for_other_run()
        try:
            return self._describe_run_done(self.evaluate(day))
        except UserError:
            # It may have begun in between.
            self._wait_for_other_run()
            raise

    def _wait_for_other_run(self):
        """Have the job begin later while another run holds the policy's lock."""
        if is_locked_elsewhere(self.env.cr, self.id):
            raise RetryableJobError(
                str(self._under_way_error()), seconds=RETRY_SECONDS, ignore_retry=True
            )

    @api.model
    def _attempt_in_job(self, company, action, step):
        """Do a company's step as a scheduled action does; what goes wrong fails the job.

        :param action: a code of ``_describe_actions``
        :param step: called without arguments; it commits by itself
        :raise FailedJobError: with what was noted on the policy
        """
        result = self._attempt(company, action, step)
        if failure := self._get_failure(company, action):
            raise FailedJobError(failure)
        return result

    @api.model
    def _get_failure(self, company, action):
        """Return what was noted on the company's policy about a step that failed."""
        everyone = self.sudo().with_context(active_test=False)
        policy = everyone.search([("company_id", "=", company.id)], limit=1)
        return (policy.failures or {}).get(action)

    def _describe_run_done(self, evaluation):
        return evaluation._describe_moves() if evaluation.state == "done" else evaluation.message
