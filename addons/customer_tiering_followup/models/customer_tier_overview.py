from datetime import timedelta

from odoo import api, models
from odoo.fields import Domain

# Follow-ups that are due within so many days are shown.
DUE_DAYS = 7


class CustomerTierOverview(models.AbstractModel):
    _inherit = "customer.tier.overview"

    @api.model
    def _get_sections(self, scope):
        """Add follow-ups due and overdue."""
        sections = super()._get_sections(scope)
        if not self._get_run():
            return sections
        today = self._get_today()
        open_domain = Domain("state", "in", ("waiting", "planned"))
        overdue = open_domain & Domain("date_due", "<", str(today))
        due = open_domain & Domain("date_due", ">=", str(today))
        due &= Domain("date_due", "<=", str(today + timedelta(days=DUE_DAYS)))
        days = self.env["customer.followup"]._read_group(
            Domain("company_id", "=", self.env.company.root_id.id)
            & self._get_scope_domain(scope, "user_id")
            & (overdue | due),
            ["date_due:day"],
            ["__count"],
        )
        late = sum(count for day, count in days if day < today)

        def action(domain):
            return self._open_scoped(
                "customer_tiering_followup.customer_followup_action",
                scope,
                domain,
                salesperson="user_id",
            )

        return self._add_tiles(
            sections,
            "attention",
            [
                self._tile(
                    "followups_overdue",
                    self.env._("Overdue Follow-ups"),
                    late,
                    icon="fa-phone",
                    tone="danger" if late else False,
                    hint=self.env._("past their due date"),
                    counts=True,
                    action=action(overdue),
                ),
                self._tile(
                    "followups_due",
                    self.env._("Follow-ups Due"),
                    sum(count for _day, count in days) - late,
                    icon="fa-calendar-check-o",
                    hint=self.env._("within %s days", DUE_DAYS),
                    counts=True,
                    action=action(due),
                ),
            ],
        )
