from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResConfigSettings(models.TransientModel):
    """The page of the supply partners: a box for each feature that a company may leave out."""

    _inherit = "res.config.settings"

    module_supply_partner_simulation = fields.Boolean("Simulation")
    module_supply_partner_performance = fields.Boolean("Performance")
    module_supply_partner_consignment = fields.Boolean("Consigned Stock")
    module_supply_partner_vendor = fields.Boolean("Vendor Portal")
    module_supply_partner_edi = fields.Boolean("EDI")
    module_supply_partner_selection = fields.Boolean("Vendor Selection")
    module_supply_partner_catalogue = fields.Boolean("Catalogue")
    module_supply_partner_scorecard = fields.Boolean("Vendor Scorecard")
    module_supply_partner_sourcing = fields.Boolean("Sourcing")
    module_supply_partner_dashboard = fields.Boolean("Supply Dashboard")
    module_supply_partner_queue_job = fields.Boolean("Reviews as Jobs")
    vmi_review_hour = fields.Integer(related="company_id.vmi_review_hour", readonly=False)

    def action_review_supply(self):
        """Review all agreements that run in the company now, and show what is proposed.

        :raise UserError: when there are none
        """
        self.ensure_one()
        today = self.company_id._vmi_today()
        started = Domain("date_start", "=", False) | Domain("date_start", "<=", today)
        not_ended = Domain("date_end", "=", False) | Domain("date_end", ">=", today)
        here = Domain("company_id", "=", self.company_id.id) & Domain("state", "=", "running")
        agreements = self.env["vmi.agreement"].search(here & started & not_ended)
        if not agreements:
            raise UserError(self.env._("No agreement is running: start one first."))
        return agreements.action_review()
