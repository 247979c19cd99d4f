from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    """The page of the supply partners: a box for each feature that a company may leave out."""

    _inherit = "res.config.settings"

    module_supply_partner_simulation = fields.Boolean("Simulation")
    module_supply_partner_performance = fields.Boolean("Performance")
    module_supply_partner_vendor = fields.Boolean("Vendor Portal")
    module_supply_partner_dashboard = fields.Boolean("Dashboard")
