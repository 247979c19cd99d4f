from datetime import date

from odoo.tests import BaseCase, tagged

from ..tools.classes import abc_classes, hhi, shares
from ..tools.drill import days_until_out, drill
from ..tools.kraljic import delivery_risk, quadrant, risk, sources_risk, switching_risk
from ..tools.switching import switching_cost, switching_days

TODAY = date(2026, 3, 16)


@tagged("post_install", "-at_install")
class TestClasses(BaseCase):
    def test_who_crosses_a_line_is_in_the_better_class(self):
        # Before each: 0, 70, 85, 95, 98 of 100.
        classes = abc_classes({1: 70, 2: 15, 3: 10, 4: 3, 5: 2})
        self.assertEqual(classes, {1: "a", 2: "a", 3: "b", 4: "c", 5: "c"})

    def test_nothing_and_less_is_of_the_last_class_and_no_part_of_the_total(self):
        self.assertEqual(abc_classes({1: 100, 2: 0, 3: -50}), {1: "a", 2: "c", 3: "c"})
        self.assertEqual(abc_classes({}), {})

    def test_a_tie_goes_by_the_key(self):
        # 40 + 40 reach 80 exactly, so the third begins at 80 and is in class b.
        self.assertEqual(abc_classes({9: 40, 3: 40, 5: 20}), {3: "a", 9: "a", 5: "b"})

    def test_shares_and_hhi(self):
        self.assertEqual(shares({1: 60, 2: 30, 3: 10}), {1: 0.6, 2: 0.3, 3: 0.1})
        # 0.36 + 0.09 + 0.01
        self.assertAlmostEqual(hhi([60, 30, 10]), 0.46)
        self.assertEqual(hhi([123]), 1)
        self.assertAlmostEqual(hhi([5, 5, 5, 5]), 0.25)
        self.assertIsNone(hhi([0, 0]))


@tagged("post_install", "-at_install")
class TestKraljic(BaseCase):
    def test_other_sources(self):
        self.assertEqual([sources_risk(others) for others in range(4)], [100, 50, 0, 0])

    def test_switching_lasts_longer_than_the_stock(self):
        # 30 of 120 days are covered.
        self.assertEqual(switching_risk(30, 120), 75)
        self.assertEqual(switching_risk(200, 120), 0)
        self.assertEqual(switching_risk(0, 120), 100)
        self.assertEqual(switching_risk(3, 0), 0)
        self.assertIsNone(switching_risk(None, 120))

    def test_what_is_not_known_is_left_out(self):
        parts = (40, 100.0), (30, 75.0), (30, delivery_risk(80.0))
        # 40 + 22.5 + 6
        self.assertEqual(risk(parts), 68.5)
        # (40 × 100 + 30 × 75) ÷ 70
        self.assertAlmostEqual(risk((*parts[:2], (30, delivery_risk(None)))), 6250 / 70, 5)
        self.assertIsNone(risk([(40, None)]))

    def test_fifty_points_are_high(self):
        self.assertEqual(quadrant("a", 50.0), "strategic")
        self.assertEqual(quadrant("a", 49.999), "leverage")
        self.assertEqual(quadrant("b", 50.0), "bottleneck")
        self.assertEqual(quadrant("c", None), "routine")


@tagged("post_install", "-at_install")
class TestDrill(BaseCase):
    def test_demand_alone(self):
        # 10 days take 100, which is there; on the 11th 110 are needed.
        outcome = drill(TODAY, 100, 10, 5.0, 30)
        self.assertEqual(outcome.out_date, date(2026, 3, 27))
        self.assertEqual(outcome.safe_date, date(2026, 2, 25))
        # (30 − 11) × 10 × 5
        self.assertEqual(outcome.at_stake, 950)

    def test_time_enough(self):
        outcome = drill(TODAY, 100, 10, 5.0, 7)
        self.assertEqual(outcome.safe_date, date(2026, 3, 20))
        self.assertEqual(outcome.at_stake, 0)

    def test_deliveries_are_more_than_demand(self):
        # 60 on the 3rd and 50 on the 5th day: more than 100 from then on, before demand is.
        self.assertEqual(days_until_out(100, 10, [(5, 50), (3, 60)]), 5)
        # What fits is covered; 110 are needed on the 11th day.
        self.assertEqual(days_until_out(100, 10, [(3, 60), (5, 40)]), 11)

    def test_nothing_there(self):
        self.assertEqual(days_until_out(0, 10), 1)
        self.assertEqual(days_until_out(0, 10, [(0, 5)]), 0)
        # Sold below zero already.
        self.assertEqual(days_until_out(-20, 10), 0)

    def test_nothing_asked_for_never_runs_out(self):
        outcome = drill(TODAY, 100, 0, 5.0, 30)
        self.assertEqual((outcome.out_date, outcome.safe_date, outcome.at_stake), (None, None, 0))
        self.assertIsNone(days_until_out(1e12, 1))

    def test_fractions_miss_nothing_by_a_hair(self):
        # 0.1 a day of 0.3: the 3rd day is covered.
        self.assertEqual(days_until_out(0.3, 0.1), 4)

    def test_switching(self):
        self.assertEqual(switching_days(45, 20, 14), 79)
        # 500 once, and 0.20 more for each of 10 × 365.
        self.assertAlmostEqual(switching_cost(500, 2.0, 2.2, 10), 1230)
        # Cheaper elsewhere: 500 − 730.
        self.assertAlmostEqual(switching_cost(500, 2.0, 1.8, 10), -230)
        self.assertIsNone(switching_cost(500, None, 1.8, 10))
