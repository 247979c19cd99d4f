from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _working_days_a_week(self):
        """Return the number of days a week with hours in the working calendar; 5 without any."""
        days = set(self.resource_calendar_id.attendance_ids.mapped("dayofweek"))
        return len(days) or 5
