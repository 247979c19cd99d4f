from odoo import api, models
from odoo.tools import SQL


class CustomerFollowup(models.Model):
    _inherit = "customer.followup"

    @api.model
    def _get_contact_models(self):
        return {**super()._get_contact_models(), "helpdesk.ticket": SQL("TRUE")}
