from freezegun import freeze_time

from odoo.addons.customer_tiering_followup.tests.common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestBirthdays(FollowupCase):
    """The birthdays of a customer's people are remembered, where the policy says so."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level.followup_days = 0
        cls.policy.keeps_birthdays = True
        cls.ada = cls.make_contact("Ada", "1990-06-12")

    @classmethod
    def make_contact(cls, name, birthdate, parent=None):
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": (parent or cls.acme).id, "birthdate_date": birthdate}
        )

    def birthdays(self, partner=None):
        return sorted(
            (followup.contact_id.name, followup.date_due.isoformat())
            for followup in self.followups(partner, kind="birthday")
        )

    def plan_on(self, *days):
        for day in days:
            with freeze_time(f"{day} 12:00:00"):
                self.plan()

    def test_off_by_default(self):
        self.assertFalse(self.policy_of(self.make_company("Southwind")).keeps_birthdays)
        self.policy.keeps_birthdays = False
        self.plan()
        self.assertFalse(self.birthdays())

    def test_an_activity_on_the_contact_once_a_year(self):
        self.plan_on("2026-06-05", "2026-06-06", "2026-06-12", "2027-06-12")
        self.assertEqual(self.birthdays(), [("Ada", "2026-06-12"), ("Ada", "2027-06-12")])
        activity = self.ada.activity_ids.sorted("date_deadline")[0]
        self.assertEqual(activity.summary, "Birthday: Ada")
        self.assertEqual((activity.user_id, activity.res_name), (self.anna, self.ada.display_name))
        self.assertFalse(self.acme.activity_ids)

    def test_two_people_of_one_customer_on_one_day(self):
        self.make_contact("Bea", "2000-06-12")
        self.plan()
        self.assertEqual(self.birthdays(), [("Ada", "2026-06-12"), ("Bea", "2026-06-12")])

    def test_29_february(self):
        self.ada.birthdate_date = "1992-02-29"
        self.plan_on("2027-02-25", "2027-03-01", "2028-02-25")
        self.assertEqual(self.birthdays(), [("Ada", "2027-02-28"), ("Ada", "2028-02-29")])

    def test_over_the_turn_of_the_year(self):
        self.ada.birthdate_date = "1990-01-02"
        self.plan_on("2026-12-30", "2027-01-02")
        self.assertEqual(self.birthdays(), [("Ada", "2027-01-02")])

    def test_people_of_who_is_no_customer_are_not_remembered(self):
        bolt = self.make_customer("Bolt")
        self.make_contact("Bob", "1990-06-12", bolt)
        self.plan()
        self.assertFalse(self.birthdays(bolt))

    def test_removing_the_add_on_takes_back_what_is_open(self):
        self.plan()
        followups = self.followups(kind="birthday")
        activity = followups.activity_id
        followups._forget()
        self.assertFalse(followups.exists() | self.followups(kind="birthday"))
        self.assertFalse(activity.exists())
