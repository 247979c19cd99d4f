import logging
from contextlib import contextmanager

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..engine import claim_standings
from ..tools.transactions import commit_step
from .customer_tier_policy_run import CONNECTION_LOCK, RUN_LOCK_SPACE, RulesChangedError

_logger = logging.getLogger(__name__)

# How often a run writes side by side with others before it asks them to wait.
OPTIMISTIC_ATTEMPTS = 2


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
                    ("is_retried", "=", False),
                    ("state", "!=", "running"),
                ],
                limit=1,
            )
        )

    def _evaluate_and_commit(self):
        """Evaluate as of today; a failure is kept on the evaluation and stops nobody else."""
        as_of = self._get_today()
        commit = self.env["ir.cron"]._commit_progress
        # What is seen from here on is not older than the lock.
        commit()
        if not self._try_run_lock(CONNECTION_LOCK):
            refused = self._start_evaluation(as_of, is_scheduled=True)
            refused._fail(self._under_way_error())
            # The other run may be for another day, or a killed one whose last query is at work.
            refused.is_retried = True
            return
        with self._unlocked_afterwards():
            commit()
            self._mark_interrupted()
            evaluation = self._start_evaluation(as_of, is_scheduled=True)
            commit()
            try:
                self._compute_and_apply(evaluation, commit)
            except Exception as error:
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                if not isinstance(error, UserError):
                    _logger.exception("Evaluating the policy %s (%s) failed", self.name, self.id)
                evaluation.exists()._fail(error)
                # By the rules as they are now it may well succeed.
                evaluation.exists().is_retried = isinstance(error, RulesChangedError)
            commit()

    @contextmanager
    def _unlocked_afterwards(self):
        """Give the connection's lock back, whatever happens: others use the connection next."""
        try:
            yield
        finally:
            # After an error the transaction accepts nothing else.
            self.env.cr.rollback()
            self.env.cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", RUN_LOCK_SPACE, self.id))

    def _compute_and_apply(self, evaluation, commit):
        def on_step(step):
            evaluation.step = step
            commit()

        def apply(attempt):
            if attempt > OPTIMISTIC_ATTEMPTS:
                claim_standings(self.env.cr)
            self._check_may_rank(evaluation.as_of)
            self._apply_evaluation(evaluation, run)
            self._follow_up_soon()

        self._check_ready(evaluation.as_of)
        run = self._freeze_run(evaluation)
        self._compute_evaluation(evaluation, run, on_step)
        # A new transaction sees partners, tiers, locks and standings as they are when it writes.
        on_step("writing")
        commit_step(self.env, apply, commit)
