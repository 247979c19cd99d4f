from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    scarce_allocation = fields.Selection(related="company_id.scarce_allocation")
    scarce_wait_days = fields.Integer(related="company_id.scarce_wait_days", readonly=False)

    def action_change_scarce_allocation(self):
        """Show what another way to allocate scarce stock would mean, to choose one."""
        self.ensure_one()
        return self.env["customer.allocation.change"]._open_for(self.company_id)
