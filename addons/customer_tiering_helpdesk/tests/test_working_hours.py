from odoo.fields import Datetime

from .common import TicketCase


class TestWorkingHours(TicketCase):
    """Promised hours are working hours."""

    def resolution(self, moment, **vals):
        """Return when a VIP's ticket of that moment is to be resolved, 8 hours on."""
        ticket = self.open_ticket(self.acme, moment, **vals)
        return Datetime.to_string(self.sla(ticket, "resolution").deadline)

    def day_off(self, day, calendar=None, company=None):
        leave = self.env["resource.calendar.leaves"].create(
            {
                "name": "Day off",
                "calendar_id": calendar.id if calendar else False,
                "date_from": f"{day} 00:00:00",
                "date_to": f"{day} 23:59:59",
            }
        )
        # Odoo takes the current company.
        leave.company_id = company or self.company

    def test_nights_and_weekends_do_not_count(self):
        self.assertEqual(self.resolution("2026-07-06 20:00:00"), "2026-07-07 17:00:00")
        # From Friday afternoon on: one hour then, seven on Monday.
        self.assertEqual(self.resolution("2026-07-10 16:00:00"), "2026-07-13 16:00:00")

    def test_a_holiday_does_not_count(self):
        self.day_off("2026-07-07", self.week)
        self.assertEqual(self.resolution("2026-07-06 09:00:00"), "2026-07-08 09:00:00")

    def test_a_holiday_of_the_whole_company_does_not_count(self):
        self.day_off("2026-07-07")
        self.assertEqual(self.resolution("2026-07-06 09:00:00"), "2026-07-08 09:00:00")

    def test_another_companys_holiday_counts(self):
        south = self.make_company("Southwind")
        self.day_off("2026-07-07", company=south)
        self.day_off("2026-07-07", south.resource_calendar_id, south)
        self.assertEqual(self.resolution("2026-07-06 09:00:00"), "2026-07-07 09:00:00")

    def test_clocks_go_forward_and_back(self):
        self.company.resource_calendar_id = self.make_week("Europe/Brussels")
        # Friday 16:00 in Brussels is 15:00 UTC in winter; Monday 16:00 is 14:00 UTC in summer.
        self.assertEqual(self.resolution("2026-03-27 15:00:00"), "2026-03-30 14:00:00")
        self.assertEqual(self.resolution("2026-10-23 14:00:00"), "2026-10-26 15:00:00")

    def test_the_clock_change_in_the_middle_of_a_shift(self):
        night = self.make_week("Europe/Brussels")
        night.attendance_ids.unlink()
        night.attendance_ids = [
            (0, 0, {"name": "Sunday", "dayofweek": "6", "hour_from": 0, "hour_to": 12})
        ]
        self.gold.resource_calendar_id = night
        # Midnight to 9:00 on the clock are eight hours when it goes forward, from 2:00 to 3:00.
        self.assertEqual(self.resolution("2026-03-28 12:00:00"), "2026-03-29 07:00:00")

    def test_the_levels_calendar_goes_before_the_companys(self):
        self.gold.resource_calendar_id = self.make_week("Asia/Tokyo")
        # 8:00 in Tokyo is 23:00 UTC of the day before.
        self.assertEqual(self.resolution("2026-07-05 23:00:00"), "2026-07-06 08:00:00")

    def test_where_there_is_no_calendar_the_clock_never_stops(self):
        self.company.resource_calendar_id = False
        self.assertEqual(self.resolution("2026-07-10 20:00:00"), "2026-07-11 04:00:00")

    def test_a_calendar_without_hours_does_not_stop_it_for_ever(self):
        self.week.attendance_ids.unlink()
        self.assertEqual(self.resolution("2026-07-10 20:00:00"), "2026-07-11 04:00:00")

    def test_the_ticket_of_a_branch_follows_the_branchs_calendar(self):
        branch = self.make_company("Northwind Ghent", parent=self.company)
        branch.resource_calendar_id = self.make_week("Asia/Tokyo", branch)
        self.assertEqual(
            self.resolution("2026-07-05 23:00:00", company_id=branch.id), "2026-07-06 08:00:00"
        )
