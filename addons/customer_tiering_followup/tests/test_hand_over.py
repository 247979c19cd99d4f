from datetime import date

from freezegun import freeze_time

from odoo.tools import mute_logger

from .common import FollowupCase, PlanCase


@freeze_time("2026-06-10 12:00:00")
class TestFollowUpsHandedOver(FollowupCase):
    """What is open goes to whoever looks after the customer now, whatever way that changed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.berta = cls.make_member("heir_berta", "sales_team.group_sale_salesman")
        cls.carla = cls.make_member("heir_carla", "sales_team.group_sale_salesman")
        cls.level.user_id = cls.berta

    def setUp(self):
        super().setUp()
        self.plan()
        self.follow_up = self.followups()
        self.activity = self.follow_up.activity_id
        self.assertEqual(self.activity.user_id, self.anna)

    def assert_open_at(self, user):
        self.assertEqual((self.follow_up.state, self.follow_up.user_id), ("planned", user))
        self.assertEqual(self.acme.activity_ids, self.follow_up.activity_id)
        self.assertEqual(self.acme.activity_ids.user_id, user)
        self.assertEqual(len(self.followups()), 1)

    def test_the_leaver_is_archived_by_a_write(self):
        self.anna.write({"active": False})
        self.assert_open_at(self.berta)
        self.plan()
        self.assert_open_at(self.berta)

    def test_the_leaver_is_archived_by_the_menu(self):
        self.anna.action_archive()
        self.assert_open_at(self.berta)

    def test_the_leaver_is_deleted(self):
        self.anna.unlink()
        self.plan()
        self.assert_open_at(self.berta)
        # The promise of the day stays.
        self.assertEqual(self.follow_up.date_due, date(2026, 6, 10))

    def test_another_salesperson_on_the_contact(self):
        self.acme.user_id = self.carla
        self.assert_open_at(self.carla)

    def test_several_customers_at_once_without_mail(self):
        mails = self.env["mail.mail"].search_count([])
        bolt = self.make_vips(1)
        self.plan()
        (self.acme | bolt).write({"user_id": self.carla.id})
        self.assert_open_at(self.carla)
        self.assertEqual(bolt.activity_ids.user_id, self.carla)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_it_is_changed_behind_odoos_back(self):
        for change in (
            "UPDATE res_partner SET user_id = %s WHERE id = %s",
            "UPDATE customer_followup SET user_id = %s WHERE partner_id = %s",
        ):
            self.env.flush_all()
            self.env.cr.execute(change, [self.carla.id, self.acme.id])
            self.env.invalidate_all()
            self.plan()
            self.assert_open_at(self.carla)

    def test_who_loses_the_company_loses_its_customers(self):
        south = self.make_company("Southwind")
        self.anna.write({"company_id": south.id, "company_ids": [(6, 0, south.ids)]})
        self.assert_open_at(self.berta)

    def test_the_leader_of_a_team_is_replaced(self):
        team = self.env["crm.team"].create(
            {"name": "Key", "user_id": self.carla.id, "company_id": self.company.id}
        )
        self.level.write({"user_id": False, "team_id": team.id})
        self.acme.user_id = False
        self.assert_open_at(self.carla)
        team.user_id = self.berta
        self.plan()
        self.assert_open_at(self.berta)

    def test_nobody_is_left_and_then_somebody_comes(self):
        self.level.user_id = False
        self.acme.user_id = False
        self.assertEqual(self.follow_up.state, "unassigned")
        self.assertFalse(self.acme.activity_ids)
        self.assertFalse(self.follow_up.user_id)
        self.plan()
        self.acme.user_id = self.carla
        self.plan()
        self.follow_up = self.followups()
        self.assert_open_at(self.carla)

    def test_a_colleague_who_was_asked_by_hand_keeps_it(self):
        self.activity.user_id = self.carla
        self.plan()
        self.assertEqual(self.activity.user_id, self.carla)
        self.carla.active = False
        self.assert_open_at(self.anna)

    def test_what_is_done_or_cancelled_stays_whose_it_was(self):
        self.activity.action_done()
        self.acme.user_id = self.carla
        self.plan()
        self.assertEqual((self.follow_up.state, self.follow_up.user_id), ("done", self.anna))

    def test_each_company_by_its_own_account_managers(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.acme, 90, "2026-04-01", company=south)
        policy.evaluate("2026-06-09")
        self.anna.company_ids |= south
        policy._get_tiers()[0].service_level_id = self.level.copy(
            {"company_id": south.id, "user_id": self.carla.id}
        )
        self.carla.company_ids |= south
        self.plan()
        self.anna.active = False
        self.assertEqual(self.follow_up.user_id, self.berta)
        self.assertEqual(self.followups(company=south).user_id, self.carla)

    def test_one_companys_trouble_stops_no_other(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        bolt = self.make_customer("Bolt", user_id=self.carla.id)
        self.carla.company_ids |= south
        self.make_order(bolt, 90, "2026-05-01", company=south)
        policy.evaluate("2026-06-09")
        policy._get_tiers()[0].service_level_id = self.level.copy({"company_id": south.id})
        plan = type(self.env["customer.followup"])._plan_company

        def plan_or_fail(followup, company, commit):
            if company == self.company:
                raise KeyError("gone")
            return plan(followup, company, commit)

        self.patch(type(self.env["customer.followup"]), "_plan_company", plan_or_fail)
        with mute_logger("odoo.addons.customer_tiering.models.customer_tier_policy"):
            self.plan()
        self.assertEqual(self.followups(bolt, south).user_id, self.carla)
        self.assertIn("Planning follow-ups: 'gone'", self.policy.failure_message)
        self.assertFalse(policy.failure_message)
        self.patch(type(self.env["customer.followup"]), "_plan_company", plan)
        self.plan()
        self.assertFalse(self.policy.failure_message)


@freeze_time("2026-06-10 12:00:00")
class TestPlansHandedOver(PlanCase):
    """Activities of plans change hands as follow-ups do."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.berta = cls.make_member("plans_berta", "sales_team.group_sale_salesman")
        cls.carla = cls.make_member("plans_carla", "sales_team.group_sale_salesman")
        cls.welcome.template_ids[0].write(
            {"responsible_type": "other", "responsible_id": cls.carla.id}
        )
        cls.vip.welcome_plan_id = cls.welcome

    def users(self):
        return [activity.user_id for activity in self.bolt.activity_ids.sorted("date_deadline")]

    def test_those_of_the_account_manager_go_to_the_new_one(self):
        self.rise()
        self.plan()
        self.assertEqual(self.users(), [self.carla, self.anna])
        self.bolt.user_id = self.berta
        self.assertEqual(self.users(), [self.carla, self.berta])
        # Whom the plan itself names is no user any more.
        self.carla.active = False
        self.assertEqual(self.users(), [self.berta, self.berta])

    def test_nobody_is_left_and_then_somebody_comes(self):
        self.rise()
        self.plan()
        self.bolt.user_id = False
        self.assertEqual(self.users(), [self.carla])
        self.plan()
        self.bolt.user_id = self.berta
        self.plan()
        self.assertEqual(self.users(), [self.carla, self.berta])
        self.assertEqual(set(self.followups(self.bolt).mapped("state")), {"planned"})
