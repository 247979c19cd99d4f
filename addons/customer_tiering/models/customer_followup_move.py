from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..tools.transactions import commit_step

# For so many days a new customer's first placement, which the ledger does not list, is new.
NEW_FOR_DAYS = 7


class CustomerFollowupMove(models.Model):
    """Activity plans of those who arrive in a tier, and of those who fall out of it."""

    _inherit = "customer.followup"

    def _planners(self):
        return [*super()._planners(), self._plan_moves, self._plan_first_placements]

    @api.model
    def _plan_moves(self, policy, commit):
        """Apply the plans that tiers name to those who moved, to each move once."""
        changes = self.env["customer.standing.change"]
        commit_step(self.env, lambda: changes._pass_over_not_followed_up(policy), commit)
        moves = changes.search(
            [("company_id", "=", policy.company_id.id), ("is_followed_up", "=", False)], order="id"
        )
        if not moves:
            return
        plans = [move._get_plan() for move in moves]
        applications = SQL(
            """
            SELECT change.partner_id, move.plan_id, CONCAT('move ', change.id) AS occasion,
                   change.id AS source_id
              FROM UNNEST(%s::int[], %s::int[]) AS move (id, plan_id)
              JOIN customer_standing_change AS change ON change.id = move.id
             WHERE move.plan_id IS NOT NULL
            """,
            moves.ids,
            [plan.id or None for plan in plans],
        )
        applied = changes.browse(self._apply_plans(policy, applications, commit))
        idle = moves.filtered(lambda move: not move._get_plan())
        commit_step(self.env, lambda: (applied | idle)._note_followed_up(), commit)

    @api.model
    def _plan_first_placements(self, policy, commit):
        """Apply the plans of arrival to new customers who were placed in the last days.

        Those whom the company's first evaluation placed are not new.
        """
        arriving = Domain("policy_id", "=", policy.id) & Domain("welcome_plan_id", "!=", False)
        tiers = self.env["customer.tier"].search(arriving)
        if not tiers:
            return
        applications = SQL(
            """
            SELECT standing.partner_id, tier.welcome_plan_id AS plan_id, 'first' AS occasion,
                   standing.id AS source_id
              FROM customer_standing AS standing
              JOIN customer_tier AS tier ON tier.id = standing.tier_id
             WHERE standing.company_id = %(company)s
               AND standing.tier_id = ANY(%(tiers)s)
               AND standing.tier_since > %(since)s
               AND standing.tier_since > (
                   SELECT MIN(as_of)
                     FROM customer_tier_evaluation AS evaluation
                     JOIN customer_tier_policy AS policy ON policy.id = evaluation.policy_id
                    WHERE policy.company_id = %(company)s
                      AND evaluation.state = 'done'
                      AND evaluation.is_simulation IS NOT TRUE)
               AND NOT EXISTS (
                   SELECT 1 FROM customer_standing_change AS change
                    WHERE change.partner_id = standing.partner_id
                      AND change.company_id = standing.company_id)
               AND NOT EXISTS (
                   SELECT 1 FROM customer_followup AS care
                    WHERE care.partner_id = standing.partner_id
                      AND care.company_id = standing.company_id
                      AND care.kind = 'plan'
                      AND care.occasion LIKE 'first/%%'
                      AND care.state <> 'unassigned')
            """,
            company=policy.company_id.id,
            tiers=tiers.ids,
            since=policy._get_today() - timedelta(days=NEW_FOR_DAYS),
        )
        self._apply_plans(policy, applications, commit)
