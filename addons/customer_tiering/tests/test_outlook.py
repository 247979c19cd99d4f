from ast import literal_eval

from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .common import TieringCase


class TestOutlook(TieringCase):
    """What it takes to rise or to stay, and who is about to go down."""

    def judge_by(self, *criteria, **vals):
        self.policy.write(
            {
                "criterion_ids": [Command.clear(), *map(Command.create, criteria)],
                "demotion_margin": 0,
                **vals,
            }
        )

    def buy(self, name, *orders):
        customer = self.make_customer(name)
        for amount, day in orders:
            self.make_order(customer, amount, day)
        return customer

    def test_on_an_even_scale_it_is_what_lacks_to_the_threshold(self):
        self.judge_by_revenue(cap=10000)
        acme = self.buy("Acme", (4760, "2026-06-01"))
        self.policy.evaluate("2026-06-30")
        # Important begins at 60 points, 6,000.
        needed = self.standing(acme).needed_for_next
        self.assertIn("1,240", needed)
        self.assertIn("more revenue", needed)

    def test_the_criterion_that_has_to_rise_least_in_proportion_is_named(self):
        linear = {"scale": "linear", "floor": 0}
        self.judge_by(
            {"metric": "revenue", "weight": 1, "cap": 1000, **linear},
            {"metric": "order_count", "weight": 3, "cap": 10, **linear},
        )
        # 400 → 40 points; 5 orders → 50 points; (40 + 3 × 50) / 4 = 47.5; 12.5 to Important.
        # Revenue: 50 points more, 500 on 400. Orders: 16.67 points more, 2 on 5 (rounded up).
        acme = self.buy("Acme", *[(80, f"2026-06-0{day}") for day in range(1, 6)])
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual((standing.score, standing.points_to_next), (47.5, 12.5))
        self.assertEqual(standing.needed_for_next, "2 more orders")

    def test_among_ranks_it_is_the_figure_of_the_customer_who_has_so_many_points(self):
        self.judge_by({"metric": "order_count", "weight": 1, "scale": "percentile"})
        # 1 to 5 orders: 0, 25, 50, 75, 100 points. Three orders are Ordinary; 60 points are
        # first reached by the customer with four.
        customers = [
            self.buy(f"Customer {count}", *[(10, "2026-06-01")] * count) for count in range(1, 6)
        ]
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(customers[2]).tier_id, self.ordinary)
        self.assertEqual(self.standing(customers[2]).needed_for_next, "1 more orders")
        self.assertFalse(self.standing(customers[4]).needed_for_next)

    def test_bands_ask_for_the_next_threshold(self):
        self.judge_by(
            {
                "metric": "order_count",
                "weight": 1,
                "scale": "bands",
                "band_ids": [
                    Command.create({"threshold": threshold, "points": points})
                    for threshold, points in ((1, 40), (4, 70), (9, 100))
                ],
            }
        )
        acme = self.buy("Acme", (10, "2026-06-01"))
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).needed_for_next, "3 more orders")

    def test_what_no_single_figure_can_reach_is_not_promised(self):
        linear = {"scale": "linear", "floor": 0}
        self.judge_by(
            {"metric": "revenue", "weight": 1, "cap": 1000, **linear},
            {"metric": "return_rate", "weight": 9, "scale": "linear", "floor": 0, "cap": 1},
        )
        acme = self.buy("Acme", (500, "2026-06-01"))
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).score, 5)
        self.assertFalse(self.standing(acme).needed_for_next)

    def test_within_the_grace_it_says_what_is_needed_to_stay_and_until_when(self):
        self.judge_by_revenue(cap=10000, window_months=1, grace_days=30)
        acme = self.buy("Acme", (8500, "2026-05-20"), (7000, "2026-06-25"))
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual((standing.tier_id, standing.score), (self.vip, 70))
        self.assertIn("1,000", standing.needed_to_stay)
        self.assertIn("07/30/2026", standing.needed_to_stay)
        self.assertEqual(standing.demotion_tier_id, self.important)

    def test_without_the_one_step_rule_the_demotion_goes_to_what_is_earned(self):
        self.judge_by_revenue(window_months=1, one_step_demotion=False)
        acme = self.buy("Acme", (90, "2026-05-20"), (10, "2026-06-25"))
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).demotion_tier_id, self.potential)
        self.policy.one_step_demotion = True
        self.assertEqual(self.standing(acme).demotion_tier_id, self.important)

    def test_how_the_tier_was_reached(self):
        self.judge_by_revenue()
        acme = self.buy("Acme", (10, "2026-06-01"))
        self.policy.evaluate("2026-06-02")
        self.assertEqual(self.standing(acme).reached_by, "First evaluation")
        self.make_order(acme, 75, "2026-06-03")
        self.policy.evaluate("2026-06-04")
        self.assertEqual(self.standing(acme).reached_by, "Promotion from Potential")

    def test_of_the_best_fifth_before_those_are_at_risk_whose_revenue_or_rhythm_falls(self):
        self.judge_by_revenue(window_months=6)
        monthly = [f"2026-{month:02}-15" for month in range(1, 13)]
        # Half of the first half of the year in the second.
        falling = self.buy(
            "Falling", *[(1000, d) for d in monthly[:6]], *[(500, d) for d in monthly[6:]]
        )
        steady = self.buy("Steady", *[(1000, day) for day in monthly])
        # Ordered every month until October or September: two are a lapse, three a loss.
        lapsing = self.buy("Lapsing", *[(1000, d) for d in monthly[:9]], (9000, monthly[9]))
        both = self.buy("Both", *[(1000, d) for d in monthly[:9]], (10, monthly[9]))
        lost = self.buy("Lost", *[(1000, day) for day in monthly[:8]])
        # Best now, and next to nothing before.
        risen = self.buy(
            "Risen", *[(5, d) for d in monthly[:6]], *[(9000, d) for d in monthly[6:10]]
        )
        small = self.buy("Small", *[(5, d) for d in monthly[:6]], (1, monthly[6]))
        for number in range(18):
            self.buy(f"Other {number}", *[(10, day) for day in monthly])
        self.policy.evaluate("2026-12-31")
        customers = (falling, steady, lapsing, both, lost, risen, small)
        standings = [self.standing(customer) for customer in customers]
        self.assertEqual(
            [standing.at_risk for standing in standings],
            ["revenue", False, "rhythm", "both", False, False, False],
        )
        self.assertEqual((standings[0].revenue, standings[0].previous_revenue), (3000, 6000))
        self.assertEqual(
            [standing.lifecycle for standing in standings[2:5]], ["lapsing", "lapsing", "lost"]
        )

    def test_the_lost_are_listed_with_what_they_used_to_bring_the_best_first(self):
        self.judge_by_revenue(window_months=6)
        monthly = [f"2026-{month:02}-15" for month in range(1, 13)]
        long_ago = self.buy("Long ago", *[(500, day) for day in monthly[:6]])
        lately = self.buy("Lately", *[(2000, day) for day in monthly[6:8]])
        self.buy("Steady", *[(10, day) for day in monthly])
        self.policy.evaluate("2026-12-31")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_tiering.customer_standing_lost_action"
        )
        listed = self.env["customer.standing"].search(
            Domain(literal_eval(action["domain"])) & Domain("company_id", "=", self.company.id),
            order="best_revenue desc, id",
        )
        self.assertEqual(
            [(standing.partner_id, standing.best_revenue) for standing in listed],
            [(lately, 4000), (long_ago, 3000)],
        )

    def test_one_customer_is_evaluated_now_beside_the_others_of_the_last_run(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "revenue", "scale": "percentile"}),
        ]
        acme, bolt = self.buy("Acme", (10, "2026-06-01")), self.buy("Bolt", (20, "2026-06-01"))
        self.policy.evaluate("2026-06-02")
        self.make_order(acme, 50, "2026-06-03")
        manager = self.make_member("one_manager", "customer_tiering.group_tiering_manager")
        standing = self.standing(acme).with_user(manager)
        standing.action_evaluate()
        self.assertEqual((standing.score, standing.tier_id), (100, self.vip))
        # The other waits for the next run, and the explanations go by the last full one.
        self.assertEqual(self.standing(bolt).score, 100)
        self.assertEqual(standing.components[0]["figure"], 60)
        self.assertEqual(self.policy.customer_count, 2)
        self.assertEqual(self.standing(acme).change_ids.evaluation_id.partner_id, acme)

    def test_one_customer_is_not_judged_by_other_criteria_than_the_rest(self):
        acme = self.buy("Acme", (10, "2026-06-01"))
        self.policy.evaluate("2026-06-02")
        self.policy.criterion_ids[0].weight = 7
        with self.assertRaisesRegex(UserError, "Evaluate now for all"):
            self.standing(acme).action_evaluate()
