from odoo import api, models
from odoo.tools import SQL


class CustomerTierOverview(models.AbstractModel):
    _inherit = "customer.tier.overview"

    @api.model
    def _get_sections(self, scope):
        """Add what the customers of the scope are expected to bring."""
        sections = super()._get_sections(scope)
        latest = self.env["customer.lifetime.fit"]._get_latest(self.env.company.root_id.id)
        if not latest or not self._get_run():
            return sections
        return self._add_tiles(sections, "attention", [self._get_lifetime_tile(scope, *latest)])

    @api.model
    def _get_figure_columns(self):
        """Read what customers are expected to bring along with the other figures."""
        return {
            **super()._get_figure_columns(),
            "lifetime_value": SQL(
                "COALESCE(SUM(lifetime_value) FILTER (WHERE has_lifetime_score), 0)"
            ),
            "expected_orders": SQL(
                "COALESCE(SUM(expected_orders) FILTER (WHERE has_lifetime_score), 0)"
            ),
        }

    @api.model
    def _get_lifetime_tile(self, scope, state, months, has_warnings):
        has_value = state == "done"
        value, orders = self._sum_figures(scope, "lifetime_value", "expected_orders")
        if state == "refused":
            hint = self.env._("cannot be estimated yet: open it to see why")
        elif has_warnings:
            hint = self.env._("rough, of the coming %s months", months)
        else:
            hint = self.env._("of the coming %s months", months)
        is_money = has_value or state == "refused"
        return self._tile(
            "lifetime_value",
            self.env._("Lifetime Value") if is_money else self.env._("Expected Orders"),
            float(value if has_value else orders) if state != "refused" else None,
            "monetary" if is_money else "integer",
            icon="fa-line-chart",
            hint=hint,
            action=self._open_scoped(
                "customer_tiering_clv.customer_standing_lifetime_action",
                scope,
                [("has_lifetime_score", "=", True)],
            ),
        )
