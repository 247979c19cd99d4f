from odoo.exceptions import UserError
from odoo.fields import Command, Date

from .common import TieringCase


class TestEvaluation(TieringCase):
    """What counts for whom, and what a run leaves behind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(window_months=12)
        cls.acme = cls.make_customer("Acme")
        cls.bolt = cls.make_customer("Bolt")

    def test_customers_are_placed_by_what_they_bought(self):
        self.make_order(self.acme, 60, "2026-03-01")
        self.make_order(self.acme, 25.5, "2026-05-01")
        self.make_order(self.bolt, 30, "2026-05-01")
        evaluation = self.policy.evaluate("2026-06-30")
        self.assertEqual(evaluation.state, "done")
        self.assertEqual((evaluation.customer_count, evaluation.changed_count), (2, 2))
        acme = self.standing(self.acme)
        self.assertEqual(acme.tier_id, self.vip)
        self.assertEqual(acme.score, 85.5)
        self.assertEqual((acme.revenue, acme.order_count), (85.5, 2))
        self.assertEqual(acme.last_order_date, Date.to_date("2026-05-01"))
        self.assertEqual(acme.tier_since, Date.to_date("2026-06-30"))
        self.assertEqual(self.standing(self.bolt).tier_id, self.ordinary)

    def test_a_threshold_is_reached_at_its_exact_figure(self):
        self.make_order(self.acme, 80, "2026-05-01")
        self.make_order(self.bolt, 79.99, "2026-05-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertEqual(self.standing(self.bolt).tier_id, self.important)

    def test_the_period_leaves_out_its_first_day_and_takes_in_its_last(self):
        self.make_order(self.acme, 1, "2025-06-30 23:59:59")
        self.make_order(self.acme, 10, "2025-07-01 00:00:00")
        self.make_order(self.acme, 20, "2026-06-30 23:59:59")
        self.make_order(self.acme, 40, "2026-07-01 00:00:00")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(self.acme)
        self.assertEqual((standing.revenue, standing.order_count), (30, 2))
        self.assertEqual(standing.last_order_date, Date.to_date("2026-06-30"))

    def test_a_period_from_a_month_end_is_clipped_to_the_shorter_month(self):
        self.policy.window_months = 1
        self.make_order(self.acme, 10, "2026-02-28")
        self.make_order(self.acme, 20, "2026-03-01")
        self.policy.evaluate("2026-03-31")
        self.assertEqual(self.standing(self.acme).revenue, 20)

    def test_days_are_those_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        # 1 July 00:30 in Shanghai, and half an hour before midnight there.
        self.make_order(self.acme, 10, "2026-06-30 16:30:00")
        self.make_order(self.bolt, 10, "2026-06-30 15:30:00")
        self.policy.evaluate("2026-06-30")
        self.assertFalse(self.standing(self.acme), "its first order is tomorrow's")
        self.assertEqual(self.standing(self.bolt).last_order_date, Date.to_date("2026-06-30"))
        self.policy.evaluate("2026-07-01")
        self.assertEqual(self.standing(self.acme).last_order_date, Date.to_date("2026-07-01"))

    def test_a_summer_time_change_moves_the_day_with_it(self):
        self.company.resource_calendar_id.tz = "Europe/Brussels"
        # Winter midnight is 23:00 UTC, summer midnight 22:00 UTC; 29 March 2026 is the change.
        self.make_order(self.acme, 10, "2026-03-28 22:30:00")
        self.make_order(self.bolt, 10, "2026-03-29 22:30:00")
        self.policy.evaluate("2026-04-30")
        self.assertEqual(self.standing(self.acme).last_order_date, Date.to_date("2026-03-28"))
        self.assertEqual(self.standing(self.bolt).last_order_date, Date.to_date("2026-03-30"))

    def test_quotations_and_cancelled_orders_make_no_customer(self):
        self.make_order(self.acme, 50, "2026-05-01", confirm=False)
        self.make_order(self.bolt, 50, "2026-05-01")._action_cancel()
        evaluation = self.policy.evaluate("2026-06-30")
        self.assertEqual(evaluation.customer_count, 0)
        self.assertFalse(self.standing(self.acme) | self.standing(self.bolt))

    def test_orders_of_contacts_and_addresses_count_for_their_company(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        shop = self.env["res.partner"].create(
            {"name": "Shop", "parent_id": self.acme.id, "type": "delivery"}
        )
        for partner, amount in ((self.acme, 10), (buyer, 20), (shop, 40)):
            self.make_order(partner, amount, "2026-05-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 70)
        self.assertFalse(self.standing(buyer) | self.standing(shop))

    def test_another_currency_is_converted_at_the_orders_own_rate(self):
        dollar = self.make_currency("USD", d20260101=1.25, d20260601=2)
        pricelist = self.make_pricelist(dollar)
        self.make_order(self.acme, 25, "2026-03-01", pricelist=pricelist)  # 20 euros
        self.make_order(self.acme, 25, "2026-06-10", pricelist=pricelist)  # 12.50 euros
        self.make_order(self.bolt, 25, "2026-03-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 32.5)
        self.assertEqual(self.standing(self.bolt).revenue, 25)

    def test_each_order_is_rounded_before_the_sum(self):
        pricelist = self.make_pricelist(self.make_currency("JPY", d20260101=160))
        for _number in range(3):
            self.make_order(self.acme, 100, "2026-03-01", pricelist=pricelist)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 1.89, "3 × 0.63, not 1.875")

    def test_a_second_run_for_the_same_day_writes_nothing(self):
        for day, customer in enumerate((self.acme, self.bolt), 1):
            self.make_order(customer, 33.33 * day, f"2026-05-0{day}")
        self.assertEqual(self.policy.evaluate("2026-06-30").standings_written, 2)
        again = self.policy.evaluate("2026-06-30")
        self.assertEqual((again.standings_written, again.changed_count), (0, 0))
        self.assertFalse(again.change_ids)
        self.assertEqual(again.customer_count, 2)

    def test_recency_is_counted_to_the_day_of_the_run(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create(
                {"metric": "recency_days", "weight": 1, "scale": "linear", "floor": 100, "cap": 0}
            ),
        ]
        self.make_order(self.acme, 10, "2026-06-20")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).score, 90)
        self.assertEqual(self.policy.evaluate("2026-07-01").standings_written, 1)
        self.assertEqual(self.standing(self.acme).score, 89)

    def test_who_no_longer_matches_leaves_and_comes_back(self):
        self.make_order(self.acme, 90, "2026-05-01")
        self.policy.evaluate("2026-06-01")
        self.policy.partner_domain = [("name", "!=", "Acme")]
        evaluation = self.policy.evaluate("2026-06-02")
        standing = self.standing(self.acme)
        self.assertFalse(standing.tier_id)
        self.assertFalse(standing.tier_since)
        self.assertEqual(standing.revenue, 0)
        self.assertEqual((evaluation.customer_count, evaluation.changed_count), (0, 1))
        self.assertEqual(self.policy.evaluate("2026-06-02").standings_written, 0)
        self.policy.partner_domain = "[]"
        self.policy.evaluate("2026-06-03")
        self.assertEqual(self.standing(self.acme).tier_id, self.vip)
        self.assertEqual(
            self.changes(self.acme),
            [("2026-06-02", "vip", False, "left"), ("2026-06-03", False, "vip", "first")],
        )

    def test_the_migration_adds_up(self):
        self.make_order(self.acme, 90, "2026-05-01")
        self.make_order(self.bolt, 10, "2026-05-01")
        self.policy.evaluate("2026-06-01")
        self.make_order(self.bolt, 80, "2026-06-02")
        evaluation = self.policy.evaluate("2026-06-03")
        self.assertCountEqual(
            [
                (line.old_tier_id, line.new_tier_id, line.customers, line.revenue)
                for line in evaluation.migration_ids
            ],
            [(self.vip, self.vip, 1, 90), (self.potential, self.vip, 1, 90)],
        )

    def test_an_earlier_day_than_the_last_run_is_refused(self):
        self.make_order(self.acme, 90, "2026-05-01")
        self.policy.evaluate("2026-06-02")
        with self.assertRaisesRegex(
            UserError,
            "calculated as of Jun 2, 2026; a tier run as of Jun 1, 2026.*Choose Jun 2, 2026",
        ):
            self.policy.evaluate("2026-06-01")
        self.assertEqual(len(self.policy.evaluation_ids), 1)

    def test_today_is_the_default_day(self):
        self.assertEqual(self.policy.evaluate().as_of, Date.today())

    def test_a_policy_without_customers_is_evaluated(self):
        evaluation = self.policy.evaluate("2026-06-30")
        self.assertEqual((evaluation.customer_count, evaluation.changed_count), (0, 0))

    def test_a_second_run_at_the_same_time_is_refused(self):
        with self.registry.cursor() as other:
            other.execute("SELECT pg_advisory_xact_lock(710119, %s)", [self.policy.id])
            with self.assertRaisesRegex(UserError, "being calculated at this moment"):
                self.policy.evaluate("2026-06-30")
