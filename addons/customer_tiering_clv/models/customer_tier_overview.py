from odoo import api, models
from odoo.fields import Domain


class CustomerTierOverview(models.AbstractModel):
    _inherit = "customer.tier.overview"

    @api.model
    def _get_sections(self, scope):
        """Add what the customers of the scope are expected to bring."""
        sections = super()._get_sections(scope)
        fit = self.env["customer.lifetime.fit"].search_fetch(
            [("company_id", "=", self.env.company.root_id.id)],
            ["state", "months", "refusal", "customer_count", "history_days"],
            limit=1,
        )
        if not fit:
            return sections
        return self._add_tiles(sections, "attention", [self._get_lifetime_tile(scope, fit)])

    @api.model
    def _get_lifetime_tile(self, scope, fit):
        has_value = fit.state == "done"
        value, orders = None, None
        if fit.state != "refused":
            domain = Domain("company_id", "=", self.env.company.root_id.id)
            domain &= Domain("has_lifetime_score", "=", True) & self._get_scope_domain(scope)
            [(value, orders)] = self.env["customer.standing"]._read_group(
                domain, [], ["lifetime_value:sum", "expected_orders:sum"]
            )
        if fit.state == "refused":
            hint = self.env._("cannot be estimated yet: open it to see why")
        elif fit._describe_warnings():
            hint = self.env._("rough, of the coming %s months", fit.months)
        else:
            hint = self.env._("of the coming %s months", fit.months)
        is_money = has_value or fit.state == "refused"
        return self._tile(
            "lifetime_value",
            self.env._("Lifetime Value") if is_money else self.env._("Expected Orders"),
            (float(value or 0) if has_value else float(orders or 0))
            if fit.state != "refused"
            else None,
            "monetary" if is_money else "integer",
            icon="fa-line-chart",
            hint=hint,
            action=self._open_scoped(
                "customer_tiering_clv.customer_standing_lifetime_action",
                scope,
                [("has_lifetime_score", "=", True)],
            ),
        )
