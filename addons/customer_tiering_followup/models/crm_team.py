from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def write(self, vals):
        """Who leads a team looks after the customers of those who left it."""
        result = super().write(vals)
        if {"user_id", "active", "member_ids", "crm_team_member_ids"} & vals.keys():
            self.env["customer.followup"]._plan_soon()
        return result
