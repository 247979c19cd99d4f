import logging
from datetime import date
from unittest.mock import patch

from freezegun import freeze_time

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from ..models import customer_followup
from .common import FollowupCase


@freeze_time("2026-06-10 12:00:00")
class TestFollowUps(FollowupCase):
    """Who was not in touch for as long as the service level says is followed up, once."""

    def plan_rows(self):
        """Plan follow-ups in the test's own transaction, and make no activities."""
        with patch.object(self.env.cr, "commit"):
            self.env["customer.followup"]._plan_follow_ups(self.policy, lambda **_progress: 1)

    def test_a_follow_up_for_the_salesperson_without_any_mail(self):
        mails = self.env["mail.mail"].search_count([])
        notices = self.env["mail.message"].search_count([("model", "=", "res.partner")])
        self.plan()
        followup = self.followups()
        self.assertEqual(
            (followup.kind, followup.state, followup.user_id), ("follow_up", "planned", self.anna)
        )
        self.assertEqual(
            (followup.tier_id, followup.last_contact_date), (self.vip, date(2026, 5, 1))
        )
        self.assertEqual(followup.date_due, date(2026, 6, 10))
        activity = self.acme.activity_ids
        self.assertEqual(activity, followup.activity_id)
        self.assertEqual((activity.user_id, activity.date_deadline), (self.anna, followup.date_due))
        self.assertEqual(activity.summary, "No contact since May 1, 2026")
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)
        self.assertEqual(
            self.env["mail.message"].search_count([("model", "=", "res.partner")]), notices
        )

    def test_at_most_once_with_two_runs(self):
        self.plan()
        self.plan()
        with freeze_time("2026-08-10 12:00:00"):
            self.plan()
        self.assertEqual(len(self.followups()), 1)

    def test_on_the_day_itself_and_not_a_day_before(self):
        for days, planned in ((41, 0), (40, 1)):
            with self.subTest(days=days):
                self.level.followup_days = days
                self.plan()
                self.assertEqual(len(self.followups()), planned)

    def test_nothing_is_promised_by_default(self):
        self.level.followup_days = 0
        self.plan()
        self.vip.service_level_id = False
        self.plan()
        self.assertFalse(self.followups())

    def test_another_one_when_the_wait_begins_anew(self):
        self.plan()
        self.acme.activity_ids.action_feedback("Talked")
        self.env.flush_all()
        self.assertEqual(self.followups().state, "done")
        for day, number in (("2026-07-09", 1), ("2026-07-10", 2)):
            with freeze_time(f"{day} 12:00:00"):
                self.plan()
            self.assertEqual(len(self.followups()), number)

    def test_done_late(self):
        self.plan()
        with freeze_time("2026-06-11 12:00:00"):
            self.acme.activity_ids.action_done()
        followup = self.followups()
        self.assertEqual((followup.state, followup.date_done), ("late", date(2026, 6, 11)))
        self.assertFalse(self.acme.activity_ids)

    def test_a_deadline_that_is_put_off_does_not_put_off_the_promise(self):
        self.plan()
        self.acme.activity_ids.date_deadline = "2026-12-01"
        with freeze_time("2026-06-11 12:00:00"):
            self.acme.activity_ids.action_done()
        self.assertEqual(self.followups().state, "late")

    def test_a_deleted_activity_is_a_cancelled_follow_up_and_the_wait_begins_anew(self):
        self.plan()
        self.acme.activity_ids.unlink()
        followup = self.followups()
        self.assertEqual(
            (followup.state, followup.date_cancelled), ("cancelled", date(2026, 6, 10))
        )
        self.plan()
        self.assertEqual(len(self.followups()), 1)
        with freeze_time("2026-07-10 12:00:00"):
            self.plan()
        self.assertEqual(self.followups().mapped("state"), ["cancelled", "planned"])

    def test_an_activity_that_went_with_its_user(self):
        self.plan()
        # As the database does when the user is deleted.
        self.env.cr.execute("DELETE FROM mail_activity WHERE id = %s", self.acme.activity_ids.ids)
        self.env.invalidate_all()
        self.plan()
        self.assertEqual(self.followups().state, "cancelled")

    def test_a_salesperson_who_may_not_see_tiers_marks_it_done(self):
        self.plan()
        self.anna.group_ids = self.env.ref("base.group_user")
        with self.assertRaises(AccessError):
            self.followups().with_user(self.anna).read(["state"])
        self.acme.activity_ids.with_user(self.anna).action_feedback("Talked")
        self.assertEqual(self.followups().state, "done")

    def test_it_stops_when_the_tier_does(self):
        self.plan()
        activity = self.acme.activity_ids
        self.policy.partner_domain = [("name", "!=", "Acme")]
        self.policy.evaluate("2026-06-10")
        self.plan()
        self.assertFalse(activity.exists())
        self.assertEqual(self.followups().state, "cancelled")

    def test_who_was_archived_is_left_alone(self):
        self.acme.active = False
        self.plan()
        self.assertFalse(self.followups())

    def test_nobody_may_write_the_ledger(self):
        self.plan()
        manager = self.make_member("care_manager", "customer_tiering.group_tiering_manager")
        for user in (self.anna, manager):
            followup = self.followups().with_user(user)
            self.assertEqual(followup.state, "planned")
            for write in (
                lambda followup=followup: followup.write({"state": "done"}),
                followup.unlink,
                lambda followup=followup: followup.create({"partner_id": self.acme.id}),
            ):
                with self.assertRaises(AccessError):
                    write()

    def test_the_time_being_up_the_rest_waits(self):
        self.make_vips(2)
        self.patch(customer_followup, "BATCH", 1)
        followup = self.env["customer.followup"]
        self.plan_rows()
        self.assertFalse(followup._make_activities(lambda processed=0, **_progress: not processed))
        states = sorted(followup.search([("company_id", "=", self.company.id)]).mapped("state"))
        self.assertEqual(states, ["planned", "waiting", "waiting"])
        self.plan()
        rows = followup.search([("company_id", "=", self.company.id)])
        self.assertEqual(rows.mapped("state"), ["planned"] * 3)
        self.assertEqual(len(rows.activity_id), 3)

    def test_when_all_that_wait_are_a_leavers_they_are_planned_for_somebody_else(self):
        self.plan_rows()
        self.assertEqual(self.followups().state, "waiting")
        self.anna.active = False
        berta = self.make_member("care_successor", "sales_team.group_sale_salesman")
        self.level.user_id = berta
        self.plan()
        self.assertEqual((self.followups().user_id, self.followups().state), (berta, "planned"))

    def test_merged_customers_keep_one_open_follow_up(self):
        bolt = self.make_vips(1)
        self.plan()
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.acme | bolt).ids, bolt, extra_checks=False)
        self.assertEqual(sorted(self.followups(bolt).mapped("state")), ["cancelled", "planned"])
        self.assertEqual(len(bolt.activity_ids), 1)

    def test_a_tier_that_the_ledger_names_is_not_deleted(self):
        self.plan()
        self.assertTrue(self.vip._are_in_use())

    def test_what_is_planned_opens_from_the_standing(self):
        self.plan()
        action = self.standing(self.acme).action_view_followups()
        self.assertEqual(self.env["customer.followup"].search(action["domain"]), self.followups())


@freeze_time("2026-06-10 12:00:00")
class TestWhoFollowsUp(FollowupCase):
    """The salesperson, else the level's account manager, else a team's leader."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.berta = cls.make_member("care_berta", "sales_team.group_sale_salesman")
        cls.carla = cls.make_member("care_carla", "sales_team.group_sale_salesman")
        cls.team = cls.env["crm.team"].create(
            {"name": "Key Accounts", "user_id": cls.carla.id, "company_id": cls.company.id}
        )

    def test_who_has_no_salesperson_is_the_level_account_managers(self):
        self.acme.user_id = False
        self.level.write({"user_id": self.berta.id, "team_id": self.team.id})
        self.plan()
        self.assertEqual(self.followups().user_id, self.berta)

    def test_else_the_team_leaders(self):
        self.acme.user_id = False
        self.level.team_id = self.team
        self.plan()
        self.assertEqual(self.followups().user_id, self.carla)

    def test_a_leaver_is_nobody(self):
        self.anna.active = False
        self.level.user_id = self.berta
        self.plan()
        self.assertEqual(self.followups().user_id, self.berta)

    def test_what_a_leaver_had_open_goes_to_somebody_else_at_once(self):
        self.plan()
        self.level.user_id = self.berta
        self.anna.action_archive()
        self.plan()
        self.assertEqual(
            (self.followups().user_id, self.followups().state), (self.berta, "planned")
        )
        self.assertEqual(self.acme.activity_ids.user_id, self.berta)

    def test_the_leader_of_a_leavers_team_steps_in(self):
        self.team.member_ids = self.anna
        self.anna.active = False
        self.plan()
        self.assertEqual(self.followups().user_id, self.carla)

    def test_a_salesperson_of_another_company_is_nobody_here(self):
        south = self.make_company("Southwind")
        stranger = new_test_user(
            self.env,
            "care_stranger",
            "sales_team.group_sale_salesman",
            company_id=south.id,
            company_ids=[Command.set(south.ids)],
        )
        self.acme.user_id = stranger
        self.level.user_id = self.berta
        self.plan()
        self.assertEqual(self.followups().user_id, self.berta)

    def test_who_has_nobody_is_listed_until_somebody_is_named(self):
        self.acme.user_id = False
        with self.assertLogs(customer_followup.__name__, logging.INFO) as logs:
            self.plan()
            self.plan()
        self.assertIn("follow-up of 1 customers of Northwind", logs.output[0])
        followup = self.followups()
        self.assertEqual((followup.state, followup.user_id.id), ("unassigned", False))
        self.assertFalse(self.acme.activity_ids)
        self.acme.user_id = self.berta
        self.plan()
        self.assertEqual(self.followups(), followup)
        self.assertEqual((followup.state, followup.user_id), ("planned", self.berta))

    def test_who_has_nobody_and_was_in_touch_is_not_listed_any_more(self):
        self.acme.user_id = False
        self.plan()
        self.make_order(self.acme, 10, "2026-06-10")
        self.plan()
        self.assertFalse(self.followups())


@freeze_time("2026-06-10 12:00:00")
class TestTwoCompanies(FollowupCase):
    """Each company follows its own customers up by its own promise."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.south = cls.make_company("Southwind")
        policy = cls.policy_of(cls.south)
        cls.judge_by_revenue(policy)
        cls.make_order(cls.acme, 90, "2026-06-01", company=cls.south)
        policy.evaluate("2026-06-09")
        cls.anna.company_ids |= cls.south
        cls.south_level = cls.level.copy({"company_id": cls.south.id, "followup_days": 5})

    def test_an_order_in_one_company_is_no_contact_in_the_other(self):
        self.plan()
        self.assertEqual(self.followups().last_contact_date, date(2026, 5, 1))
        self.assertFalse(self.followups(company=self.south))

    def test_one_open_follow_up_in_each(self):
        self.policy_of(self.south)._get_tiers()[0].service_level_id = self.south_level
        self.plan()
        self.plan()
        self.assertEqual(len(self.followups()), 1)
        self.assertEqual(self.followups(company=self.south).last_contact_date, date(2026, 6, 1))
        self.assertEqual(len(self.acme.activity_ids), 2)

    def test_people_of_one_company_do_not_read_the_others(self):
        self.policy_of(self.south)._get_tiers()[0].service_level_id = self.south_level
        self.plan()
        reader = self.make_member("care_reader", "customer_tiering.group_tiering_user")
        seen = self.env["customer.followup"].with_user(reader).search([])
        self.assertEqual(seen.company_id, self.company)
