from odoo import fields, models


class VmiVendorHoliday(models.Model):
    """Days on which a vendor takes no orders."""

    _name = "vmi.vendor.holiday"
    _description = "Vendor's Holiday"
    _order = "date_start desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", "Vendor", required=True, ondelete="cascade", index=True
    )
    name = fields.Char(required=True)
    date_start = fields.Date("First Day", required=True)
    date_end = fields.Date("Last Day", required=True)

    _days_in_order = models.Constraint(
        "CHECK (date_end >= date_start)",
        "The Last Day of a holiday must not lie before its First Day.",
    )

    def _covers(self, day):
        """Return whether one of the holidays falls on a day."""
        return any(holiday.date_start <= day <= holiday.date_end for holiday in self)
