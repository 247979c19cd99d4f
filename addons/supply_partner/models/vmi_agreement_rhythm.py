from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

WEEKDAYS = (
    "on_monday",
    "on_tuesday",
    "on_wednesday",
    "on_thursday",
    "on_friday",
    "on_saturday",
    "on_sunday",
)
# Holidays in a row that are passed over before the calendar is taken as it is.
LONGEST_HOLIDAY = 366


class VmiAgreementRhythm(models.Model):
    """When an agreement is reviewed, and from which day its orders count."""

    _inherit = "vmi.agreement"

    review_frequency = fields.Selection(
        [("days", "Every Few Days"), ("weekdays", "On Weekdays")],
        required=True,
        default="days",
        tracking=True,
    )
    review_days = fields.Integer("Review Every", default=1, required=True, tracking=True)
    on_monday = fields.Boolean("Monday", default=True, tracking=True)
    on_tuesday = fields.Boolean("Tuesday", default=True, tracking=True)
    on_wednesday = fields.Boolean("Wednesday", default=True, tracking=True)
    on_thursday = fields.Boolean("Thursday", default=True, tracking=True)
    on_friday = fields.Boolean("Friday", default=True, tracking=True)
    on_saturday = fields.Boolean("Saturday", tracking=True)
    on_sunday = fields.Boolean("Sunday", tracking=True)
    cutoff_hour = fields.Float(
        "Cut-off",
        default=24.0,
        required=True,
        tracking=True,
        help="What is ordered at or after this hour of the company's day counts as ordered on "
        "the next day, and arrives a day later. 24:00: no cut-off.",
    )
    next_review_date = fields.Date("Next Review", copy=False, index=True)
    last_review = fields.Datetime(readonly=True, copy=False)

    _review_days_within_bounds = models.Constraint(
        "CHECK (review_days BETWEEN 1 AND 365)", "Review Every must be 1 to 365 days."
    )
    _cutoff_within_the_day = models.Constraint(
        "CHECK (cutoff_hour >= 0 AND cutoff_hour <= 24)",
        "The Cut-off must be a time between 0:00 and 24:00.",
    )

    @api.constrains("review_frequency", *WEEKDAYS)
    def _check_weekdays(self):
        for agreement in self:
            if agreement.review_frequency == "weekdays" and not agreement._get_review_weekdays():
                raise ValidationError(
                    self.env._("%s is reviewed on weekdays: choose at least one.", agreement.name)
                )

    def _get_review_weekdays(self):
        """Return the weekdays of the reviews, Monday being 0."""
        return [number for number, name in enumerate(WEEKDAYS) if self[name]]

    def _is_vendor_away(self, day):
        return self.holiday_ids._covers(day)

    def _get_review_date(self, earliest):
        """Return the first day from a day on that the rhythm and the vendor's holidays allow."""
        self.ensure_one()
        weekdays = range(7)
        if self.review_frequency == "weekdays":
            weekdays = self._get_review_weekdays()
        for ahead in range(LONGEST_HOLIDAY):
            day = earliest + timedelta(days=ahead)
            if day.weekday() in weekdays and not self._is_vendor_away(day):
                return day
        return earliest

    def _get_next_review_date(self, day):
        """Return the day of the review that follows one on a day."""
        self.ensure_one()
        wait = self.review_days if self.review_frequency == "days" else 1
        return self._get_review_date(day + timedelta(days=wait))

    def _get_review_interval(self):
        """Return the longest time between two reviews, in days; holidays are left out."""
        self.ensure_one()
        if self.review_frequency == "days":
            return self.review_days
        days = self._get_review_weekdays()
        following = [*days[1:], days[0] + 7]
        return max(after - day for day, after in zip(days, following, strict=True))

    def _get_order_date(self):
        """Return the day as of which the vendor takes an order that is placed now."""
        self.ensure_one()
        now = self.company_id._vmi_now()
        day = now.date()
        if now.hour + now.minute / 60 >= self.cutoff_hour:
            day += timedelta(days=1)
        for _ahead in range(LONGEST_HOLIDAY):
            if not self._is_vendor_away(day):
                break
            day += timedelta(days=1)
        return day
