from odoo import api, models
from odoo.addons.overview_page.tools.dates import format_full_day


class CustomerTierOverview(models.AbstractModel):
    _inherit = "customer.tier.overview"

    @api.model
    def _get_sections(self, scope):
        """Add what the latest back-test found."""
        sections = super()._get_sections(scope)
        if scope != "company":
            return sections
        company = self.env.company.root_id
        backtest = self.env["customer.tier.backtest"].search_fetch(
            [("company_id", "=", company.id), ("tested_on", "!=", False)],
            ["as_of", "tested_on", "prediction"],
            order="tested_on desc, id desc",
            limit=1,
        )
        if backtest:
            hint = self.env._(
                "best tier's share of what was bought after %s",
                format_full_day(self.env, backtest.as_of),
            )
        else:
            hint = self.env._("no back-test yet")
        tile = self._tile(
            "backtest",
            self.env._("Latest Back-test"),
            backtest.captured_by_tier if backtest else None,
            "percentage",
            icon="fa-crosshairs",
            hint=hint,
            action=self._open(
                "customer_tiering_backtest.customer_tier_backtest_action",
                [("company_id", "=", company.id)],
            ),
        )
        return self._add_tiles(sections, "runs", [tile])
