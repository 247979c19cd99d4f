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
        policies = self.sudo().search([])
        policies = policies.filtered(
            lambda policy: self._attempt(policy.company_id, "evaluate", policy._is_due)
        )
        commit = self.env["ir.cron"]._commit_progress
        commit(remaining=len(policies))
        for policy in policies:
            self._attempt(policy.company_id, "evaluate", policy._evaluate_and_commit)
            if not commit(processed=1):
                break

    @api.model
    def _attempt(self, company, action, step):
        """Do a company's part of a scheduled action; what goes wrong with it stops no other.

        A failure is logged, and noted on the company's policy until the step succeeds.

        :param action: a code of :meth:`_describe_actions`
        :param step: called without arguments; it commits by itself what is not to be lost
        :return: what the step returned; None where it failed
        """
        try:
            result, failure = step(), None
        except Exception as error:
            self.env.cr.rollback()
            self.env.invalidate_all(flush=False)
            _logger.exception("The step %s of %s failed", action, company.name)
            result, failure = None, str(error) or type(error).__name__
        everyone = self.sudo().with_context(active_test=False)
        policy = everyone.search([("company_id", "=", company.id)], limit=1)
        if (policy.failures or {}).get(action) != failure:
            noted = {**(policy.failures or {}), action: failure}
            policy.failures = {code: why for code, why in noted.items() if why} or False
        if failure:
            self.env["ir.cron"]._commit_progress()
        return result

    @api.model
    def _describe_actions(self):
        """Return what scheduled actions do for a policy's company, by code; an add-on adds its."""
        return {
            "evaluate": self.env._("Evaluating"),
            "overrides": self.env._("Letting overrides take effect"),
            "announce": self.env._("Announcing moves"),
            "care": self.env._("Planning follow-ups and care"),
        }

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
