from odoo import api, models
from odoo.tools import SQL, format_date

from ..metrics import SOURCES


class CustomerFollowupAnniversary(models.Model):
    """The anniversary of a customer's first order."""

    _inherit = "customer.followup"

    def _planners(self):
        return [*super()._planners(), self._plan_anniversaries]

    @api.model
    def _plan_anniversaries(self, policy, commit):
        """Plan the anniversaries of the next seven days, where the policy keeps them."""
        if policy.keeps_anniversaries:
            scope = policy._prepare_scope(policy._get_today())
            days = SQL(
                "SELECT partner_id, day, '' AS of_whom FROM (%s) AS first_order",
                SOURCES["orders"].first_orders_query(scope),
            )
            self._plan_occasions(policy, "anniversary", days, commit)

    def _prepare_anniversary_vals(self):
        return {
            "activity_type_id": self._get_id("mail_activity_occasion"),
            "summary": self.env._(
                "Anniversary of the first order: %s", format_date(self.env, self.date_due)
            ),
        }
