from collections import Counter
from datetime import date

from freezegun import freeze_time

from .common import FollowupCase, PlanCase


@freeze_time("2026-06-10 12:00:00")
class TestFollowUpDays(FollowupCase):
    """Follow-ups are spread over the working days of a week, within a daily number."""

    def days(self, partners):
        found = self.env["customer.followup"].search([("partner_id", "in", partners.ids)])
        return {followup.partner_id: followup.date_due.isoformat() for followup in found}

    def test_spread_over_the_week_and_the_longest_waiting_first(self):
        partners = self.make_vips(9)
        self.plan()
        days = self.days(partners | self.acme)
        # From Wednesday to the next Tuesday, two a day; Acme waits the least.
        week = ["2026-06-10", "2026-06-11", "2026-06-12", "2026-06-15", "2026-06-16"]
        expected = [day for day in week for _place in range(2)]
        self.assertEqual([days[partner] for partner in partners | self.acme], expected)

    def test_a_holiday_and_the_own_days_off_are_left_out(self):
        leaves = self.env["resource.calendar.leaves"]
        leaves.create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-06-11 00:00:00",
                "date_to": "2026-06-11 23:59:59",
            }
        )
        resource = self.env["resource.resource"].create(
            {
                "name": "Anna",
                "user_id": self.anna.id,
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
            }
        )
        leaves.create(
            {
                "name": "Away",
                "resource_id": resource.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": "2026-06-12 00:00:00",
                "date_to": "2026-06-12 23:59:59",
            }
        )
        partners = self.make_vips(5)
        self.plan()
        days = Counter(self.days(partners | self.acme).values())
        self.assertEqual(days, {"2026-06-10": 2, "2026-06-15": 2, "2026-06-16": 2})

    def test_not_more_a_day_than_the_account_manager_takes_on(self):
        self.anna.follow_ups_per_day = 1
        self.important.service_level_id = self.level
        good = self.make_customer("Good", user_id=self.anna.id)
        self.make_order(good, 60, "2026-01-01")
        partners = self.make_vips(5)
        self.plan()
        # Five working days: the better tier first, and of it those who wait longest.
        self.assertEqual(set(self.days(partners | self.acme | good)), set(partners))
        self.assertEqual(set(Counter(self.days(partners).values()).values()), {1})
        with freeze_time("2026-06-11 12:00:00"):
            self.plan()
        self.assertEqual(self.days(self.acme), {self.acme: "2026-06-17"})
        self.assertFalse(self.days(good))

    def test_what_is_open_already_counts(self):
        self.plan()
        self.assertEqual(self.days(self.acme), {self.acme: "2026-06-10"})
        partners = self.make_vips(4)
        self.plan()
        days = sorted(self.days(partners).values())
        self.assertEqual(days, ["2026-06-11", "2026-06-12", "2026-06-15", "2026-06-16"])

    def test_days_are_those_of_the_company(self):
        self.company.resource_calendar_id.tz = "Pacific/Auckland"
        self.policy.company_id.invalidate_recordset()
        self.level.followup_days = 41
        # 10 June, 12:30 UTC, is 11 June in Auckland; the order was on 2 May there.
        with freeze_time("2026-06-10 12:30:00"):
            self.plan()
        self.assertFalse(self.followups())
        with freeze_time("2026-06-11 12:30:00"):
            self.plan()
        followup = self.followups()
        self.assertEqual(followup.last_contact_date, date(2026, 5, 2))
        self.assertEqual(followup.date_due, date(2026, 6, 12))


@freeze_time("2026-06-10 12:00:00")
class TestPlannersOrder(PlanCase):
    """What must not wait gets its day first, and what can wait takes the days that are left."""

    def test_a_welcome_takes_the_day_before_a_follow_up(self):
        self.company.resource_calendar_id.attendance_ids.filtered(
            lambda attendance: attendance.dayofweek != "2"
        ).unlink()
        self.anna.follow_ups_per_day = 1
        self.level.followup_days = 30
        self.vip.welcome_plan_id = self.win_back
        self.rise()
        self.plan()
        self.assertEqual(self.followups(self.bolt).mapped("date_due"), [date(2026, 6, 10)])
        self.assertFalse(self.followups())
        with freeze_time("2026-06-17 12:00:00"):
            self.plan()
        self.assertEqual(self.followups().date_due, date(2026, 6, 17))

    def test_an_anniversary_takes_its_day_before_everything_else(self):
        self.anna.follow_ups_per_day = 1
        self.level.followup_days = 30
        self.policy.keeps_anniversaries = True
        self.make_order(self.bolt, 1, "2025-06-10")
        self.plan()
        self.assertEqual(self.followups(self.bolt).mapped("kind"), ["anniversary"])
        self.assertEqual(self.followups(kind="follow_up").date_due, date(2026, 6, 11))
