from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    # Ticking a box installs the add-on of its name.
    module_customer_tiering_followup = fields.Boolean("Follow-ups")
    module_customer_tiering_assignment = fields.Boolean("Account Manager Workload")
    module_customer_tiering_backtest = fields.Boolean("Back-tests")
