from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _working_days_a_week(self):
        """Return how many days of the week the company's working calendar has hours on."""
        days = set(self.resource_calendar_id.attendance_ids.mapped("dayofweek"))
        return len(days) or 5
