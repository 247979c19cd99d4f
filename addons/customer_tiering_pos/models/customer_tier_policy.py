from odoo import models


class CustomerTierPolicy(models.Model):
    _inherit = "customer.tier.policy"

    def _get_money_accounts(self, companies):
        """What was paid in the shop waits there until its session is closed."""
        methods = self.env["pos.payment.method"].with_context(active_test=False)
        methods = methods.search([("company_id", "in", companies.ids)])
        return (
            super()._get_money_accounts(companies)
            | companies.account_default_pos_receivable_account_id
            | methods.receivable_account_id
            | methods.outstanding_account_id
        )
