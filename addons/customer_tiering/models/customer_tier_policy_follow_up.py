from datetime import timedelta
from functools import partial

from odoo import api, fields, models
from odoo.tools import SQL

from ..engine import apply_overrides, unsettled_overrides
from ..tools.transactions import commit_step
from .customer_tier_policy_run import RUN_LOCK_SPACE

# After which it is asked again whether a run that overrides wait for is done.
RUN_DELAY = timedelta(minutes=1)


class CustomerTierPolicyFollowUp(models.Model):
    """What follows from overrides and from an evaluation: done afterwards, and once."""

    _inherit = "customer.tier.policy"

    @api.model
    def _cron_follow_up(self):
        """Let overrides that were set during a run take effect, and announce who moved."""
        commit = self.env["ir.cron"]._commit_progress
        for policy in self.sudo().search([]):
            settle = partial(commit_step, self.env, policy._settle_overrides, commit)
            self._attempt(policy.company_id, "overrides", settle)
        self.env["customer.standing.change"].sudo()._announce(commit)
        self.env["customer.followup"]._plan_soon()

    def _settle_overrides(self, _attempt=1):
        """Let the overrides take effect that could not when they were set."""
        self._apply_overrides(
            unsettled_overrides(self.env.cr, self.company_id.id, self._get_today())
        )

    def _follow_up_soon(self, delay=timedelta()):
        """Have the action run that does what follows from overrides and moves."""
        action = self.env.ref("customer_tiering.ir_cron_follow_up").sudo()
        action._trigger(at=fields.Datetime.now() + delay)

    def _apply_overrides(self, partner_ids):
        """Let overrides take effect now, or once the run that is under way is done."""
        # A company need not have an active policy.
        if not (self and partner_ids and self._get_ladder()):
            return
        if self._is_run_under_way():
            # A run that is done asks for the action itself; one that fails does not.
            self._follow_up_soon(RUN_DELAY)
            return
        self.env.flush_all()
        apply_overrides(
            self.env.cr,
            company_id=self.company_id.id,
            as_of=self._get_today(),
            rules=self._prepare_rules(),
            user_id=self.env.uid,
            partner_ids=partner_ids,
        )
        self.env.invalidate_all()

    def _is_run_under_way(self):
        """Return whether another connection is evaluating the policy."""
        return bool(
            self.env.execute_query(
                SQL(
                    """
                    SELECT 1 FROM pg_locks
                     WHERE locktype = 'advisory' AND classid = %s AND objid = %s
                       AND database = (
                           SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
                       AND pid <> PG_BACKEND_PID()
                    """,
                    RUN_LOCK_SPACE,
                    self.id,
                )
            )
        )
