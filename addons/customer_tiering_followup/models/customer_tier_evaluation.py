from collections import defaultdict

from odoo import fields, models

from ..engine.preview import count_account_managers, customers_by_tiers


class CustomerTierEvaluation(models.Model):
    _inherit = "customer.tier.evaluation"

    followups_now = fields.Float(
        "Follow-ups per Week Now",
        digits=(16, 2),
        readonly=True,
        help="By the service levels of the current tiers.",
    )
    followups_then = fields.Float(
        "Follow-ups per Week Then",
        digits=(16, 2),
        readonly=True,
        help="By the service levels of the previewed tiers.",
    )
    account_manager_count = fields.Integer(
        "Account Managers",
        readonly=True,
        help="Salespeople with at least one customer in a tier.",
    )
    followups_per_manager_now = fields.Float(
        "Per Account Manager Now", digits=(16, 2), compute="_compute_followups_per_manager"
    )
    followups_per_manager_then = fields.Float(
        "Per Account Manager Then", digits=(16, 2), compute="_compute_followups_per_manager"
    )

    def _compute_followups_per_manager(self):
        for evaluation in self:
            managers = evaluation.account_manager_count or 1
            evaluation.followups_per_manager_now = evaluation.followups_now / managers
            evaluation.followups_per_manager_then = evaluation.followups_then / managers

    def _estimate_cost(self):
        """Write the follow-ups per week, too: those needed now, and by the previewed tiers."""
        result = super()._estimate_cost()
        self.env.flush_all()
        customers = customers_by_tiers(
            self.env.cr, self.company_id.id, self.policy_id._prepare_rules().tiers, self.id
        )
        followups = self._sum_followups(customers)
        for line in self.migration_ids:
            now, then = followups[line._get_tier_ids()]
            line.extra_followups = then - now
        self.write(
            {
                "followups_now": sum(now for now, _then in followups.values()),
                "followups_then": sum(then for _now, then in followups.values()),
                "account_manager_count": count_account_managers(self.env.cr, self.company_id.id),
            }
        )
        return result

    def _sum_followups(self, customers):
        """Return the follow-ups per week now and then, by tier from and to.

        :param customers: as :func:`~..engine.preview.customers_by_tiers` returns them
        """
        sums = defaultdict(lambda: (0.0, 0.0))
        for held, old, new, count in customers:
            now, then = sums[old, new]
            sums[old, new] = (
                now + count * self._get_followups_per_week(held),
                then + count * self._get_followups_per_week(new),
            )
        return sums

    def _get_followups_per_week(self, tier_id):
        level = self.env["customer.tier"].browse(tier_id).service_level_id
        return level.filtered("active").followups_per_week
