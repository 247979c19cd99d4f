from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

# Plans are applied to tier changes that are at most so many days old.
RECENT_DAYS = 30


class CustomerStandingChange(models.Model):
    _inherit = "customer.standing.change"

    is_followed_up = fields.Boolean(
        "Plans Applied",
        readonly=True,
        help="Whether the welcome or win-back plan was applied, or there is none.",
    )

    _to_follow_up_index = models.Index("(company_id, id) WHERE is_followed_up IS NOT TRUE")

    def _auto_init(self):
        # What changed before this add-on was installed is history.
        if not column_exists(self.env.cr, self._table, "is_followed_up"):
            create_column(self.env.cr, self._table, "is_followed_up", "bool")
            self.env.cr.execute(SQL("UPDATE customer_standing_change SET is_followed_up = TRUE"))
        return super()._auto_init()

    @api.model
    def _pass_over_not_followed_up(self, policy):
        """Settle a company's tier changes to which no plan applies; return how many."""
        waiting = Domain("company_id", "=", policy.company_id.id) & Domain(
            "is_followed_up", "=", False
        )
        planned = Domain("date", ">", policy._get_today() - timedelta(days=RECENT_DAYS)) & (
            Domain("new_tier_id.welcome_plan_id", "!=", False)
            | Domain("old_tier_id.winback_plan_id", "!=", False)
        )
        query = self._search(waiting & ~planned)
        self.env.cr.execute(
            SQL(
                "UPDATE customer_standing_change SET is_followed_up = TRUE WHERE id IN %s",
                query.subselect(),
            )
        )
        settled = self.env.cr.rowcount
        self.invalidate_model(["is_followed_up"])
        return settled

    def _mark_followed_up(self):
        """Note that nothing more is planned because of the tier changes; return how many."""
        self.is_followed_up = True
        return len(self)

    def _get_plan(self):
        """Return the activity plan for the tier change: of the tier reached, or of the one lost."""
        plans = {"up": self.new_tier_id.welcome_plan_id, "down": self.old_tier_id.winback_plan_id}
        return plans.get(self.direction, self.env["mail.activity.plan"])
