from datetime import date

from freezegun import freeze_time

from .common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestAnniversaries(FollowupCase):
    """The first order is remembered each year, where the policy says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.followup_days = 0
        cls.policy.keeps_anniversaries = True

    def dues(self, partner=None):
        return [
            (followup.kind, followup.date_due.isoformat())
            for followup in self.followups(partner or self.acme)
        ]

    def test_off_by_default(self):
        self.assertFalse(self.policy_of(self.make_company("Southwind")).keeps_anniversaries)
        self.policy.keeps_anniversaries = False
        self.make_order(self.acme, 5, "2025-06-12")
        self.plan()
        self.assertFalse(self.followups())

    def test_on_the_day_of_the_first_order_once_a_year(self):
        self.make_order(self.acme, 5, "2024-06-12")
        self.make_order(self.acme, 5, "2025-06-11")
        for today in ("2026-06-05", "2026-06-06", "2026-06-12", "2027-06-12"):
            with freeze_time(f"{today} 12:00:00"):
                self.plan()
        self.assertEqual(
            self.dues(), [("anniversary", "2026-06-12"), ("anniversary", "2027-06-12")]
        )
        activity = self.followups()[0].activity_id
        self.assertEqual(activity.date_deadline, date(2026, 6, 12))
        self.assertEqual(activity.user_id, self.anna)

    def test_the_day_of_the_first_order_itself_is_no_anniversary(self):
        bolt = self.make_customer("Bolt", user_id=self.anna.id)
        self.make_order(bolt, 90, "2026-06-10 09:00:00")
        self.policy.evaluate("2026-06-10")
        self.plan()
        self.assertFalse(self.dues(bolt))

    def test_29_february(self):
        self.make_order(self.acme, 5, "2024-02-29")
        for year in (2027, 2028):
            with freeze_time(f"{year}-02-25 12:00:00"):
                self.plan()
        self.assertEqual(
            self.dues(), [("anniversary", "2027-02-28"), ("anniversary", "2028-02-29")]
        )

    def test_who_is_no_longer_tiered_is_not_remembered(self):
        self.make_order(self.acme, 5, "2025-06-12")
        self.policy.partner_domain = [("name", "!=", "Acme")]
        self.policy.evaluate("2026-06-10")
        self.plan()
        self.assertFalse(self.followups())
