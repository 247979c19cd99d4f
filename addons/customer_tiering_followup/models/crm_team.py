from odoo import models

# On these it depends who leads the team of a customer's salesperson.
DECIDE_WHO_LEADS = {"user_id", "active", "member_ids", "crm_team_member_ids"}


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def write(self, vals):
        """Have open follow-ups assigned anew: a team's leader stands in for its members."""
        result = super().write(vals)
        if DECIDE_WHO_LEADS & vals.keys():
            self.env["customer.followup"]._plan_soon()
        return result
