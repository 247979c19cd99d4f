from ast import literal_eval
from datetime import datetime
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .common import TieringCase


class TestOutlook(TieringCase):
    """What it takes to rise or to stay, and who is about to go down."""

    def judge_by(self, *criteria, **vals):
        self.policy.write(
            {
                "criterion_ids": [Command.clear(), *map(Command.create, criteria)],
                "tolerance": 0,
                **vals,
            }
        )

    def freeze(self, day):
        now = datetime.fromisoformat(f"{day} 12:00:00")
        return patch.object(type(self.company), "_tiering_now", lambda company: now)

    def buy(self, name, *orders):
        customer = self.make_customer(name)
        for amount, day in orders:
            self.make_order(customer, amount, day)
        return customer

    def test_one_ordinary_order_is_tried_first_in_all_it_does(self):
        linear = {"scale": "linear", "floor": 0}
        self.judge_by(
            {"metric": "revenue", "weight": 1, "cap": 1000, **linear},
            {"metric": "recency_days", "weight": 1, "scale": "linear", "floor": 90, "cap": 0},
            {"metric": "order_count", "weight": 1, "cap": 10, **linear},
        )
        # (19 + 41.1 + 20) / 3 is below Ordinary; one order of 95 makes (28.5 + 100 + 30) / 3.
        acme = self.buy("Acme", (90, "2026-05-01"), (100, "2026-05-08"))
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual((standing.tier_id, standing.next_tier_id), (self.potential, self.ordinary))
        self.assertEqual(standing.needed_for_next, "One order")
        self.make_order(acme, 95, "2026-06-30")
        self.policy.evaluate("2026-06-30")
        self.assertEqual((standing.score, standing.tier_id), (52.83, self.ordinary))

    def test_a_larger_order_is_told_where_it_is_less_than_so_many(self):
        self.judge_by_revenue(cap=10000)
        acme = self.buy("Acme", *[(476, f"2026-06-{day:02}") for day in range(1, 11)])
        self.policy.evaluate("2026-06-30")
        # Important begins at 60 points, 6,000: 1,240 more, or three orders of 476.
        needed = self.standing(acme).needed_for_next
        self.assertIn("1,240", needed)
        self.assertIn("Orders worth", needed)

    def test_more_orders_are_told_where_they_are_less_than_a_larger_one(self):
        linear = {"scale": "linear", "floor": 0}
        self.judge_by(
            {"metric": "revenue", "weight": 1, "cap": 1000, **linear},
            {"metric": "order_count", "weight": 3, "cap": 10, **linear},
        )
        # 400 → 40 points; 5 orders → 50 points; (40 + 3 × 50) / 4 = 47.5; 12.5 to Important.
        # One order of 80: (48 + 180) / 4 = 57; two: (56 + 210) / 4 = 66.5; one of 200: 60.
        acme = self.buy("Acme", *[(80, f"2026-06-0{day}") for day in range(1, 6)])
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual((standing.score, standing.points_to_next), (47.5, 12.5))
        self.assertEqual(standing.needed_for_next, "2 more orders")

    def test_among_ranks_it_is_what_overtakes_enough_others(self):
        self.judge_by({"metric": "order_count", "weight": 1, "scale": "percentile"})
        customers = [
            self.buy(f"Customer {count}", *[(10, "2026-06-01")] * count)
            for count in (1, 2, 3, 6, 9)
        ]
        self.policy.evaluate("2026-06-30")
        # With 6 orders two are worse and one is the same: 62.5 points. With 5 it is 50.
        third = self.standing(customers[2])
        self.assertEqual((third.tier_id, third.next_tier_id), (self.ordinary, self.important))
        self.assertEqual(third.needed_for_next, "3 more orders")
        self.assertFalse(self.standing(customers[4]).needed_for_next)
        for _number in range(3):
            self.make_order(customers[2], 10, "2026-06-02")
        self.policy.evaluate("2026-06-30")
        self.assertEqual((third.score, third.tier_id), (62.5, self.important))

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

    def test_what_no_purchase_can_reach_is_not_promised(self):
        linear = {"scale": "linear", "floor": 0}
        self.judge_by(
            {"metric": "revenue", "weight": 1, "cap": 1000, **linear},
            {"metric": "return_rate", "weight": 9, "scale": "linear", "floor": 0, "cap": 1},
        )
        acme = self.buy("Acme", (500, "2026-06-01"))
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).score, 5)
        self.assertFalse(self.standing(acme).needed_for_next)

    def test_nothing_is_told_that_the_next_run_would_not_keep(self):
        self.judge_by_revenue(cap=1000)
        acme = self.buy("Acme", (500, "2026-06-01"))
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual(standing.needed_for_next, "One order")
        self.policy.criterion_ids[0].cap = 9000
        standing.invalidate_recordset()
        self.assertFalse(standing.needed_for_next, "the rules have changed since")
        self.judge_by_revenue(cap=1000, method="top_share")
        self.policy.evaluate("2026-06-30")
        self.assertFalse(standing.needed_for_next, "what others earn changes, too")

    def test_by_shares_of_the_revenue_it_is_what_overtakes_enough_of_it(self):
        self.judge_by_revenue()
        for tier, share in zip(self.policy._get_tiers(), (0.5, 0.25, 0.1, 0), strict=True):
            tier.share = share
        self.policy.method = "value_share"
        first = self.buy("First", (600, "2026-06-01"))
        second = self.buy("Second", *[(100, f"2026-06-0{day}") for day in range(1, 5)])
        self.policy.evaluate("2026-06-30")
        standing = self.standing(second)
        self.assertEqual((standing.tier_id, standing.next_tier_id), (self.important, self.vip))
        self.assertEqual(self.standing(first).tier_id, self.vip)
        # More than the 600 of the other: 201, or three orders; with equal ones the id decides.
        self.assertIn("201", standing.needed_for_next)
        self.make_order(second, 201, "2026-06-30")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(standing.tier_id, self.vip)

    def test_a_customer_without_an_order_in_the_period_is_told_of_an_ordinary_one(self):
        self.judge_by_revenue(cap=100)
        idle = self.buy("Idle", (5000, "2024-06-01"))
        self.buy("Acme", (30, "2026-06-01"), (50, "2026-06-02"))
        self.policy.evaluate("2026-06-30")
        # The mean order of all customers is 40: enough for Ordinary, from 30 on.
        self.assertEqual(self.standing(idle).needed_for_next, "One order")

    def test_by_invoices_an_order_is_thought_of_as_invoiced(self):
        self.judge_by_revenue(cap=100, amount_basis="invoiced")
        acme = self.buy("Acme", (20, "2026-06-01"))
        self.env["customer.standing"].search([("company_id", "=", self.company.id)])
        self.policy.evaluate("2026-06-30")
        # Nothing was invoiced, so there is no mean order to go by.
        self.assertIn("30", self.standing(acme).needed_for_next)

    def test_within_the_grace_it_says_what_is_needed_to_stay_and_until_when(self):
        self.judge_by_revenue(cap=10000, window_months=1, grace_days=30)
        acme = self.buy("Acme", (8500, "2026-05-20"), (7000, "2026-06-25"))
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual((standing.tier_id, standing.score), (self.vip, 70))
        self.assertEqual(str(standing.downgrade_on), "2026-07-30")
        with self.freeze("2026-06-30"):
            # The run of the 30th comes before the orders of that day.
            self.assertEqual(standing.needed_to_stay, "One order by Jul 29, 2026 to stay VIP")
        self.assertEqual(standing.downgrade_tier_id, self.important)

    def test_the_next_tier_is_the_one_above_what_the_score_earns(self):
        self.judge_by_revenue(window_months=1, grace_days=30)
        acme = self.buy("Acme", (65, "2026-05-20"), (40, "2026-06-25"))
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-06-30")
        standing = self.standing(acme)
        self.assertEqual(
            (standing.tier_id, standing.candidate_tier_id), (self.important, self.ordinary)
        )
        # Not VIP: Important itself has to be earned again.
        self.assertEqual((standing.next_tier_id, standing.points_to_next), (self.important, 20))

    def test_a_override_decides_whatever_is_bought(self):
        self.judge_by_revenue(cap=1000)
        acme = self.buy("Acme", (500, "2026-06-01"))
        self.env["customer.tier.override"].create(
            {"partner_id": acme.id, "tier_id": self.potential.id, "reason": "Trial"}
        )
        self.policy.evaluate()
        self.assertFalse(self.standing(acme).needed_for_next)

    def test_without_the_one_step_rule_the_downgrade_goes_to_what_is_earned(self):
        self.judge_by_revenue(window_months=1, one_step_downgrade=False)
        acme = self.buy("Acme", (90, "2026-05-20"), (10, "2026-06-25"))
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(acme).downgrade_tier_id, self.potential)
        self.policy.one_step_downgrade = True
        self.assertEqual(self.standing(acme).downgrade_tier_id, self.important)

    def test_how_the_tier_was_reached(self):
        self.judge_by_revenue()
        acme = self.buy("Acme", (10, "2026-06-01"))
        self.policy.evaluate("2026-06-02")
        self.assertEqual(self.standing(acme).reached_by, "First tier run")
        self.make_order(acme, 75, "2026-06-03")
        self.policy.evaluate("2026-06-04")
        self.assertEqual(self.standing(acme).reached_by, "Upgrade from Potential")

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

    def test_a_lost_customers_card_says_so_after_those_who_can_be_kept(self):
        self.judge_by_revenue(window_months=6, grace_days=30)
        lost = self.buy("Lost", *[(1, f"2026-{month:02}-15") for month in range(1, 9)])
        falling = self.buy("Falling", (90, "2026-06-15"), (1, "2026-12-20"))
        self.policy.evaluate("2026-12-01")
        self.policy.evaluate("2026-12-31")
        found = self.standing(lost) | self.standing(falling)
        listed = self.env["customer.standing"].search(
            [("id", "in", found.ids)], order="urgency desc, id"
        )
        self.assertEqual(listed.partner_id.mapped("name"), ["Falling", "Lost"])
        self.assertEqual(listed[1].urgency_reason, "Lost: no order since Aug 15, 2026")

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
        with self.assertRaisesRegex(UserError, "Recalculate Tiers for all"):
            self.standing(acme).action_evaluate()
