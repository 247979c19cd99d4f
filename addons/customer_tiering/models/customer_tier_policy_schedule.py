import logging

from psycopg2.errors import ForeignKeyViolation, SerializationFailure

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .customer_tier_policy_run import CONNECTION_LOCK, RUN_LOCK_SPACE

_logger = logging.getLogger(__name__)

# How often a run writes anew when somebody wrote what it was about to write.
APPLY_ATTEMPTS = 10


class CustomerTierPolicySchedule(models.Model):
    """How policies are evaluated by themselves, one after the other."""

    _inherit = "customer.tier.policy"

    @api.model
    def _cron_evaluate(self):
        """Evaluate every active policy once a day, each in transactions of its own.

        The action is called every hour, and again when its time was up, so it passes over
        the policies whose hour has not come or that were tried already.
        """
        policies = self.sudo().search([]).filtered(lambda policy: policy._is_due())
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(policies))
        for policy in policies:
            policy._evaluate_and_commit()
            if not commit(processed=1):
                break

    def _is_due(self):
        """Return whether the company's hour has come and the policy was not tried since."""
        return self._get_now().hour >= self.evaluation_hour and not self._was_tried_today()

    def _was_tried_today(self):
        """Return whether the scheduled action evaluated the policy, or tried to, today."""
        return bool(
            self.env["customer.tier.evaluation"].search_count(
                [
                    ("policy_id", "=", self.id),
                    ("as_of", "=", self._get_today()),
                    ("is_scheduled", "=", True),
                    ("state", "!=", "running"),
                ],
                limit=1,
            )
        )

    def _evaluate_and_commit(self):
        """Evaluate as of today; a failure is kept on the evaluation and stops nobody else."""
        as_of = self._get_today()
        try:
            self._take_run_lock(CONNECTION_LOCK)
        except UserError as error:
            self._start_evaluation(as_of, is_scheduled=True)._fail(error)
            return
        evaluation = self._start_evaluation(as_of, is_scheduled=True)
        commit = self.env["ir.cron"]._commit_progress
        commit()
        try:
            self._compute_and_apply(evaluation, commit)
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            if not isinstance(error, UserError):
                _logger.exception("Evaluating the policy %s (%s) failed", self.name, self.id)
            evaluation._fail(error)
        finally:
            self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", RUN_LOCK_SPACE, self.id))

    def _compute_and_apply(self, evaluation, commit):
        def on_step(step):
            evaluation.step = step
            commit()

        self._check_ready(evaluation.as_of)
        self._compute_evaluation(evaluation, on_step)
        # A new transaction sees partners, tiers, locks and standings as they are when it writes.
        on_step("writing")
        for attempt in range(1, APPLY_ATTEMPTS + 1):
            try:
                self._check_ready(evaluation.as_of)
                self._apply_evaluation(evaluation)
                commit()
                break
            except (SerializationFailure, ForeignKeyViolation):
                # Somebody wrote or deleted what was about to be written: look again.
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if attempt == APPLY_ATTEMPTS:
                    raise
        self._follow_up_soon()
