from datetime import date, datetime, timedelta

from freezegun import freeze_time

from odoo.exceptions import ValidationError

from .common import VmiCase


class TestReviewDays(VmiCase):
    """When the next review is, and as of when the vendor takes an order."""

    def agreement(self, **vals):
        return self.make_agreement((self.screws, 60, 120), start=False, **vals)

    def weekdays(self, *days):
        names = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
        return {"review_frequency": "weekdays", **{f"on_{name}": name in days for name in names}}

    def test_every_few_days(self):
        agreement = self.agreement(review_days=3)
        self.assertEqual(agreement._get_next_review_date(date(2026, 6, 1)), date(2026, 6, 4))
        self.assertEqual(agreement._get_review_interval(), 3)

    def test_on_weekdays(self):
        agreement = self.agreement(**self.weekdays("monday", "thursday"))
        # 1 June 2026 is a Monday.
        self.assertEqual(agreement._get_next_review_date(date(2026, 6, 1)), date(2026, 6, 4))
        self.assertEqual(agreement._get_next_review_date(date(2026, 6, 4)), date(2026, 6, 8))
        self.assertEqual(agreement._get_review_interval(), 4)
        with self.assertRaisesRegex(ValidationError, "choose at least one"):
            agreement.write(self.weekdays())

    def test_the_vendor_s_holidays_are_passed_over(self):
        agreement = self.agreement(**self.weekdays("monday", "thursday"))
        self.env["vmi.vendor.holiday"].create(
            {
                "partner_id": self.vendor.id,
                "name": "Summer",
                "date_start": "2026-06-04",
                "date_end": "2026-06-08",
            }
        )
        self.assertEqual(agreement._get_next_review_date(date(2026, 6, 1)), date(2026, 6, 11))

    def test_an_order_after_the_cut_off_arrives_a_day_later(self):
        agreement = self.make_agreement((self.screws, 60, 120), cutoff_hour=14)
        moment = datetime.combine(date.today() + timedelta(days=1), datetime.min.time())
        for hour, later in ((13, 0), (14, 1)):
            with freeze_time(moment + timedelta(hours=hour)):
                proposal = agreement.review()
                proposal.action_approve()
                order = proposal.purchase_order_ids
                # Three days to deliver.
                self.assertEqual(
                    order.order_line.date_planned.date(),
                    moment.date() + timedelta(days=3 + later),
                )
                order.button_cancel()
