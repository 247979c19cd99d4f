from datetime import datetime
from zoneinfo import ZoneInfo

from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    vmi_review_hour = fields.Integer(
        "Review at (hour)",
        default=0,
        required=True,
        groups="base.group_user",
        help="The hour of the day, in the company's time zone, from which the agreements that are "
        "due are reviewed: 0 to 23.",
    )

    _vmi_review_hour_of_the_day = models.Constraint(
        "CHECK (vmi_review_hour >= 0 AND vmi_review_hour <= 23)",
        "The review begins at an hour from 0 to 23.",
    )

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
