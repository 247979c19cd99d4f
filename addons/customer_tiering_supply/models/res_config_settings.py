from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    tier_allocation = fields.Selection(related="company_id.tier_allocation")
    tier_wait_days = fields.Integer(related="company_id.tier_wait_days", readonly=False)

    def action_change_tier_allocation(self):
        """Show what another way to allocate scarce stock would mean, to choose one."""
        self.ensure_one()
        return self.env["customer.allocation.change"]._open_for(self.company_id)
