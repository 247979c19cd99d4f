from datetime import date

from freezegun import freeze_time

from .common import PlanCase


@freeze_time("2026-06-10 12:00:00")
class TestPlansOfTiers(PlanCase):
    """Who rises into a tier is welcomed, and who falls out of one is won back, once."""

    def test_nobody_is_welcomed_by_default(self):
        self.rise()
        self.plan()
        self.assertFalse(self.followups(self.bolt))

    def test_who_rises_into_the_tier_is_welcomed_once(self):
        self.vip.welcome_plan_id = self.welcome
        self.rise()
        self.plan()
        expected = [("Call", "2026-06-11"), ("Letter", "2026-06-17")]
        self.assertEqual(self.tasks(), expected)
        self.assertEqual(set(self.followups(self.bolt).mapped("kind")), {"plan"})
        self.plan()
        self.assertEqual(self.tasks(), expected)
        # Acme was placed by the first evaluation, and that is not a welcome.
        self.assertFalse(self.tasks(self.acme))

    def test_a_move_before_the_plan_was_set_is_history(self):
        self.rise()
        self.plan()
        self.vip.welcome_plan_id = self.welcome
        self.plan()
        self.assertFalse(self.tasks())

    def test_who_falls_is_won_back_and_who_leaves_too(self):
        self.vip.winback_plan_id = self.win_back
        self.potential.winback_plan_id = self.win_back
        self.judge_by_revenue(cap=1000)
        self.policy.partner_domain = [("name", "!=", "Bolt")]
        self.policy.evaluate("2026-06-10")
        self.plan()
        self.assertEqual(self.tasks(self.acme), [("Ask", "2026-06-10")])
        self.assertEqual(self.tasks(self.bolt), [("Ask", "2026-06-11")])

    def test_rising_out_of_a_tier_is_no_reason_to_win_back(self):
        self.potential.winback_plan_id = self.win_back
        self.rise()
        self.plan()
        self.assertFalse(self.tasks())

    def test_a_new_customer_who_is_placed_at_once_is_welcomed_once(self):
        self.vip.welcome_plan_id = self.welcome
        new = self.make_customer("New", user_id=self.anna.id)
        self.make_order(new, 90, "2026-06-09")
        self.policy.evaluate("2026-06-10")
        self.plan()
        self.plan()
        self.assertEqual(self.tasks(new), [("Call", "2026-06-11"), ("Letter", "2026-06-17")])
        self.assertFalse(self.tasks(self.acme))

    def test_one_who_has_nobody_is_listed_and_served_when_there_is_somebody(self):
        self.bolt.user_id = False
        self.vip.welcome_plan_id = self.welcome
        self.rise()
        self.plan()
        self.assertEqual(self.followups(self.bolt).mapped("state"), ["unassigned"] * 2)
        self.bolt.user_id = self.anna
        self.plan()
        self.assertEqual(self.tasks(), [("Call", "2026-06-11"), ("Letter", "2026-06-17")])

    def test_a_default_user_of_the_plan_gets_it(self):
        berta = self.make_member("plan_berta", "sales_team.group_sale_salesman")
        self.welcome.template_ids[0].write({"responsible_type": "other", "responsible_id": berta})
        self.vip.welcome_plan_id = self.welcome
        self.rise()
        self.plan()
        users = self.bolt.activity_ids.sorted("date_deadline").mapped("user_id")
        self.assertEqual(users, berta | self.anna)

    def test_starts_are_spread_within_the_daily_number(self):
        self.anna.follow_ups_per_day = 1
        self.potential.welcome_plan_id = False
        self.vip.welcome_plan_id = self.win_back
        partners = self.bolt
        for number in range(5):
            partners |= self.make_customer(f"Riser {number}", user_id=self.anna.id)
            self.make_order(partners[-1], 10, "2026-05-01")
        self.policy.evaluate("2026-06-09")
        for partner in partners:
            self.make_order(partner, 85, "2026-06-09")
        self.policy.evaluate("2026-06-10")
        self.plan()
        planned = self.env["customer.followup"].search([("kind", "=", "plan")])
        self.assertEqual(len(set(planned.mapped("date_due"))), 5)
        self.assertEqual(len(planned), 5)
        with freeze_time("2026-06-11 12:00:00"):
            self.plan()
        planned = self.env["customer.followup"].search([("kind", "=", "plan")], order="date_due")
        self.assertEqual(planned.partner_id, partners)
        self.assertEqual(planned[-1].date_due, date(2026, 6, 17))

    def test_done_and_cancelled(self):
        self.vip.welcome_plan_id = self.welcome
        self.rise()
        self.plan()
        call, letter = self.bolt.activity_ids.sorted("date_deadline")
        call.action_done()
        letter.unlink()
        self.assertEqual(self.followups(self.bolt).mapped("state"), ["done", "cancelled"])


@freeze_time("2026-06-10 12:00:00")
class TestPlansOfSegments(PlanCase):
    """Customers who enter a segment get the segment's plan."""

    def add_line(self, **vals):
        return self.env["customer.tier.segment.plan"].create(
            {"policy_id": self.policy.id, "segment": "mvc", "plan_id": self.welcome.id, **vals}
        )

    def put(self, partner, value_class):
        """Put a customer into a segment, as a tier run does."""
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_standing SET value_class = %s WHERE partner_id = %s",
            [value_class, partner.id],
        )
        self.env.invalidate_all()

    def setUp(self):
        super().setUp()
        self.put(self.acme, "mvc")
        self.put(self.bolt, "standard")

    def test_who_is_there_already_gets_nothing_and_who_comes_gets_it_once(self):
        self.add_line()
        self.plan()
        self.assertFalse(self.followups() | self.followups(self.bolt))
        self.put(self.bolt, "mvc")
        self.plan()
        self.plan()
        self.assertFalse(self.followups())
        self.assertEqual(self.tasks(), [("Call", "2026-06-11"), ("Letter", "2026-06-17")])

    def test_where_the_line_says_so_who_is_there_gets_it_too(self):
        self.add_line(include_current=True)
        self.plan()
        self.plan()
        self.assertEqual(len(self.tasks(self.acme)), 2)
        self.assertFalse(self.tasks(self.bolt))

    def test_who_comes_back_gets_it_again_after_the_cooldown(self):
        self.add_line(cooldown_days=10)
        self.plan()
        self.put(self.bolt, "mvc")
        self.plan()
        self.put(self.bolt, "standard")
        self.plan()
        self.put(self.bolt, "mvc")
        for day in ("2026-06-19", "2026-06-30"):
            # Too early; and then Bolt was inside all the time.
            with freeze_time(f"{day} 12:00:00"):
                self.plan()
        self.assertEqual(len(self.followups(self.bolt)), 2)
        with freeze_time("2026-07-01 12:00:00"):
            self.put(self.bolt, "standard")
            self.plan()
            self.put(self.bolt, "mvc")
            self.plan()
        self.assertEqual(len(self.followups(self.bolt)), 4)

    def test_another_companys_customers_get_nothing(self):
        south = self.make_company("Southwind")
        policy = self.policy_of(south)
        self.judge_by_revenue(policy)
        self.make_order(self.bolt, 90, "2026-06-01", company=south)
        policy.evaluate("2026-06-09")
        self.add_line(include_current=True)
        self.put(self.bolt, "mvc")
        self.plan()
        self.assertEqual(len(self.followups(self.bolt)), 2)
        self.assertFalse(self.followups(self.bolt, south))
