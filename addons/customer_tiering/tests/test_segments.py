from itertools import product

from odoo.fields import Command
from odoo.tests import BaseCase

from ..tools.rfm import RFM_SEGMENTS, segment_of_code, segments_by_code
from .common import TieringCase


class TestSegments(TieringCase):
    """ABC, RFM, value class, portfolio and lifecycle of the same customers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()

    def buy(self, name, *orders):
        customer = self.make_customer(name)
        for amount, day in orders:
            self.make_order(customer, amount, day)
        return customer

    def evaluate(self, as_of="2026-06-30"):
        self.policy.evaluate(as_of)

    def test_abc_puts_who_crosses_80_and_95_percent_in_the_better_class(self):
        customers = [
            self.buy(f"Customer {amount}", (amount, "2026-06-01")) for amount in (70, 20, 6, 4, 0)
        ]
        self.evaluate()
        self.assertEqual(
            [self.standing(customer).abc_class for customer in customers], list("aabcc")
        )

    def test_the_shares_of_the_abc_classes_are_the_policys(self):
        customers = [
            self.buy(f"Customer {amount}", (amount, "2026-06-01")) for amount in (70, 20, 6, 4, 0)
        ]
        self.policy.write({"abc_a_share": 0.5, "abc_b_share": 0.7})
        self.evaluate()
        self.assertEqual(
            [self.standing(customer).abc_class for customer in customers], list("acccc")
        )
        self.policy.write({"abc_a_share": 0.96, "abc_b_share": 1})
        self.evaluate()
        self.assertEqual(
            [self.standing(customer).abc_class for customer in customers], list("aaabc")
        )

    def test_the_share_of_the_best_customers_is_the_policys(self):
        customers = [
            self.buy(f"Customer {amount}", (amount, "2026-06-01")) for amount in range(50, 0, -10)
        ]
        for share, best in ((0.2, 1), (0.4, 2), (0.5, 3), (1, 5)):
            self.policy.top_share = share
            self.evaluate()
            classes = [self.standing(customer).value_class for customer in customers]
            self.assertEqual(classes, ["mvc"] * best + ["standard"] * (5 - best), share)

    def test_the_multiples_of_the_rhythm_are_the_policys(self):
        # The rhythm is 30 days, as in the test of the life cycle.
        quick = self.buy("Quick", (1, "2026-01-01"), (1, "2026-01-11"))
        self.buy("Slow", (1, "2025-10-13"), (1, "2026-01-11"))
        for lapsing, lost, expected in (
            (1.5, 3, "lapsing"),
            (2, 3, "active"),
            (1, 1.9, "lost"),
        ):
            self.policy.write({"lapsing_factor": lapsing, "lost_factor": lost})
            self.evaluate("2026-03-12")  # 60 days
            self.assertEqual(self.standing(quick).lifecycle, expected)

    def test_the_share_of_the_revenue_at_risk_is_the_policys(self):
        best = self.buy("Best", (1000, "2025-06-01"), (600, "2026-06-01"))
        self.buy("Other", (10, "2025-06-01"), (10, "2026-06-01"))
        for share, at_risk in ((0.75, "revenue"), (0.6, False), (0.61, "revenue"), (0, False)):
            self.policy.at_risk_revenue_share = share
            self.evaluate()
            self.assertEqual(self.standing(best).at_risk, at_risk, share)

    def codes(self, *customers):
        return [self.standing(customer).rfm_code for customer in customers]

    def test_rfm_digits_are_quintiles_of_equal_counts(self):
        customers = [
            self.buy(
                f"Customer {number}",
                *[(10 * number, f"2026-06-{10 * day + number:02}") for day in range(3)],
                *[(10 * number, f"2026-05-{day:02}") for day in range(1, number)],
            )
            for number in range(1, 7)
        ]
        self.evaluate()
        # How many of six are worse, in fifths of six: 0, 0.8, 1.7, 2.5, 3.3, 4.2.
        self.assertEqual(self.codes(*customers), ["111", "111", "222", "333", "444", "555"])
        self.assertEqual(self.standing(customers[-1]).rfm_segment, "champions")
        champions = self.env["customer.standing"].search(
            [("rfm_segment", "=", "champions"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(champions.partner_id, customers[-1] | customers[-2])

    def test_who_ordered_once_among_many_is_no_champion(self):
        once = [self.buy(f"Once {day}", (10 * day, f"2026-06-{day:02}")) for day in range(1, 10)]
        often = self.buy("Often", (500, "2026-06-10"), (500, "2026-06-11"))
        self.evaluate()
        # Nine of ten have the fewest orders: all of them are in the lowest fifth.
        self.assertEqual({code[1] for code in self.codes(*once)}, {"1"})
        self.assertEqual(self.codes(once[-1], often), ["515", "555"])
        self.assertEqual(self.standing(often).rfm_segment, "champions")
        self.assertEqual(self.standing(once[-1]).rfm_segment, "promising")

    def test_frequency_goes_by_days_with_an_order(self):
        one_day = self.buy("One day", *[(10, "2026-06-20")] * 5)
        two_days = self.buy("Two days", (5, "2026-06-19"), (5, "2026-06-20"))
        others = [self.buy(f"Other {number}", (1, "2026-06-18")) for number in range(3)]
        self.evaluate()
        self.assertEqual([code[1] for code in self.codes(one_day, two_days)], ["1", "5"])
        self.assertEqual(self.standing(one_day).order_count, 5)
        self.assertEqual({code[1] for code in self.codes(*others)}, {"1"})

    def test_without_an_order_in_the_period_every_digit_is_1(self):
        gone = self.buy("Gone", (1000, "2024-06-01"))
        others = [self.buy(f"Other {day}", (10 * day, f"2026-06-{day:02}")) for day in range(1, 6)]
        self.evaluate()
        self.assertEqual(self.codes(gone, *others), ["111", "111", "212", "313", "414", "515"])
        self.assertEqual(self.standing(gone).rfm_segment, "hibernating")

    def test_value_class_takes_the_top_fifth_by_revenue_then_by_potential(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "revenue"}),
            Command.create(
                {
                    "metric": "order_count",
                    "dimension": "potential",
                    "scale": "linear",
                    "floor": 0,
                    "cap": 10,
                }
            ),
        ]
        best = self.buy("Best", (500, "2026-06-01"))
        often = self.buy("Often", *[(10, "2026-06-01")] * 5)
        others = [self.buy(f"Other {number}", (20, "2026-06-01")) for number in range(3)]
        self.evaluate()
        self.assertEqual(self.standing(best).value_class, "mvc")
        self.assertEqual(self.standing(often).value_class, "stc")
        self.assertEqual({self.standing(other).value_class for other in others}, {"standard"})
        # Medians: revenue 20 of (500, 50, 20, 20, 20), potential 10 of (10, 50, 10, 10, 10).
        self.assertEqual(self.standing(best).portfolio, "invest")

    def test_portfolio_crosses_revenue_and_potential_at_the_medians(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "revenue"}),
            Command.create(
                {
                    "metric": "recency_days",
                    "dimension": "potential",
                    "scale": "linear",
                    "floor": 100,
                    "cap": 0,
                }
            ),
        ]
        cells = {
            "invest": self.buy("A", (100, "2026-06-29")),
            "restructure": self.buy("B", (100, "2026-05-01")),
            "cultivate": self.buy("C", (10, "2026-06-29")),
            "abandon": self.buy("D", (10, "2026-05-01")),
        }
        self.evaluate()
        for cell, customer in cells.items():
            self.assertEqual(self.standing(customer).portfolio, cell)

    def test_portfolio_is_empty_without_a_criterion_of_potential(self):
        customer = self.buy("A", (100, "2026-06-29"))
        self.evaluate()
        self.assertFalse(self.standing(customer).portfolio)

    def test_lifecycle_goes_by_the_customers_own_rhythm(self):
        # Both ordered twice, 10 and 90 days apart: the median gap is 50, so the rhythms are
        # (10 + 50) / 2 = 30 and (90 + 50) / 2 = 70 days.
        quick = self.buy("Quick", (1, "2026-01-01"), (1, "2026-01-11"))
        slow = self.buy("Slow", (1, "2025-10-13"), (1, "2026-01-11"))
        once = self.buy("Once", (1, "2026-01-11"))
        for as_of, expected in (
            ("2026-02-25", ("active", "active", "new")),  # 45 days
            ("2026-02-26", ("lapsing", "active", "new")),
            ("2026-03-28", ("lapsing", "active", "lapsing")),  # 76 days
            ("2026-04-12", ("lost", "active", "lapsing")),  # 91 days
            ("2026-04-27", ("lost", "lapsing", "lapsing")),  # 106 days
            ("2026-08-10", ("lost", "lost", "lost")),  # 211 days
        ):
            self.evaluate(as_of)
            self.assertEqual(
                tuple(self.standing(customer).lifecycle for customer in (quick, slow, once)),
                expected,
                as_of,
            )

    def test_two_orders_of_one_day_make_no_rhythm(self):
        five_on_each = self.buy("Five", *[(10, "2026-03-01")] * 5, *[(10, "2026-06-01")] * 5)
        one_on_each = self.buy("One", (10, "2026-03-01"), (10, "2026-06-01"))
        single_day = self.buy("Single day", *[(10, "2026-06-01")] * 3)
        self.evaluate("2026-07-16")
        customers = (five_on_each, one_on_each, single_day)
        self.assertEqual(
            [self.standing(customer).lifecycle for customer in customers],
            ["active", "active", "new"],
        )
        self.assertEqual(self.standing(five_on_each).order_count, 10)

    def test_a_day_with_an_order_is_one_of_the_company(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        # 23:00 and 01:00 in Shanghai: two days there, one in UTC; then the other way round.
        two = self.buy("Two", (10, "2026-03-01 15:00:00"), (10, "2026-03-01 17:00:00"))
        one = self.buy("One", (10, "2026-03-01 23:00:00"), (10, "2026-03-02 01:00:00"))
        self.evaluate("2026-03-03")
        self.assertEqual(self.standing(two).lifecycle, "active")
        self.assertEqual(self.standing(one).lifecycle, "new")

    def test_no_potential_is_neither_high_nor_of_the_second_tier(self):
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "revenue"}),
            Command.create(
                {
                    "metric": "order_count",
                    "dimension": "potential",
                    "scale": "linear",
                    "floor": 5,
                    "cap": 10,
                }
            ),
        ]
        customers = [self.buy(f"C{amount}", (amount, "2026-06-01")) for amount in range(10, 60, 10)]
        self.evaluate()
        standings = [self.standing(customer) for customer in customers]
        self.assertEqual(
            [standing.value_class for standing in standings], [*["standard"] * 4, "mvc"]
        )
        self.assertEqual(
            [standing.portfolio for standing in standings],
            [*["abandon"] * 2, *["restructure"] * 3],
        )

    def test_points_to_the_next_tier(self):
        ordinary, best = self.buy("O", (45, "2026-06-01")), self.buy("B", (95, "2026-06-01"))
        self.evaluate()
        standing = self.standing(ordinary)
        self.assertEqual((standing.next_tier_id, standing.points_to_next), (self.important, 15))
        self.assertFalse(self.standing(best).next_tier_id)
        self.assertFalse(self.standing(best).points_to_next)


class TestRfmSegments(BaseCase):
    """Every code has one segment and every segment has codes."""

    def test_segments_divide_the_codes(self):
        self.assertEqual(len(segments_by_code()), 125)
        self.assertEqual(set(segments_by_code()), {segment for segment, _label in RFM_SEGMENTS})
        self.assertEqual(segments_by_code()[25 * 4 + 5 * 2], segment_of_code("531"))

    def test_the_corners(self):
        for code, segment in (
            ("555", "champions"),
            ("155", "at_risk"),
            ("511", "promising"),
            ("111", "hibernating"),
            ("515", "promising"),
            ("355", "loyal"),
        ):
            self.assertEqual(segment_of_code(code), segment)

    def test_champions_are_good_in_all_three(self):
        codes = ["".join(digits) for digits in product("12345", repeat=3)]
        self.assertEqual(
            [code for code in codes if segment_of_code(code) == "champions"],
            [code for code in codes if min(code) >= "4"],
        )
        self.assertFalse([c for c in codes if c[1] == "1" and segment_of_code(c) == "loyal"])
