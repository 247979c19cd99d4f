from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _vmi_timezone(self):
        """Return the name of the zone whose calendar days the company counts in."""
        self.ensure_one()
        return self.resource_calendar_id.tz or self.partner_id.tz or "UTC"

    def _vmi_now(self):
        """Return the moment in the zone whose calendar days the company counts in."""
        return datetime.now(ZoneInfo(self.sudo()._vmi_timezone()))

    def _vmi_today(self):
        """Return today's date in the company's time zone."""
        return self._vmi_now().date()
