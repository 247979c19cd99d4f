from odoo.fields import Domain
from odoo.tests import BaseCase, TransactionCase

from ..tools import near, wording
from ..tools.retention import retention


class TestRetention(BaseCase):
    def test_moves_down_and_out_of_the_tiers_do_not_count_as_kept(self):
        migrations = {
            ("vip", "vip"): (4, 3),
            ("vip", "basic"): (2, 1),
            ("vip", None): (1, 0),
            ("basic", "vip"): (5, 5),
            (None, "vip"): (9, 9),
        }
        self.assertEqual(
            retention(migrations, lambda old, new: (old, new) != ("vip", "basic")),
            {
                "vip": {"held_customers": 7, "kept_customers": 4, "buying_customers": 4},
                "basic": {"held_customers": 5, "kept_customers": 5, "buying_customers": 5},
            },
        )


class TestNear(BaseCase):
    def test_the_sides_leave_no_score_between_them_and_none_twice(self):
        below, above = near.sides_of(80, 1.1)
        self.assertEqual(below, Domain("score", ">", 78.9) & Domain("score", "<", 80))
        self.assertEqual(above, Domain("score", ">=", 80) & Domain("score", "<", 81.1))

    def test_without_thresholds_no_score_is_near(self):
        self.assertTrue(near.near_any([], 1).is_false())
        self.assertTrue(near.above_score([1]).is_false())


class TestWording(TransactionCase):
    def test_numbers_have_no_idle_decimals(self):
        for number, text in ((1, "1"), (20.0, "20"), (0.5, "0.5"), (12.25, "12.25"), (1.999, "2")):
            self.assertEqual(wording.number_text(self.env, number), text)

    def test_shares_are_rounded_half_up(self):
        self.assertEqual(wording.share_text(self.env, 0.625), "63\N{NO-BREAK SPACE}%")
        self.assertEqual(wording.part_text(self.env, 1, 4), "1 (25\N{NO-BREAK SPACE}%)")
        self.assertEqual(wording.part_text(self.env, 0, 0), "0")

    def test_a_choice_as_good_as_last_years_revenue_is_said_to_be_no_better(self):
        found = {"top_customers": 3, "captured_by_tier": 0.5, "captured_by_revenue": 0.5}
        for by_tier, style in ((0.5, "info"), (0.51, "success"), (0.49, "warning")):
            verdict = wording.describe_verdict(self.env, {**found, "captured_by_tier": by_tier})
            self.assertEqual(verdict[0], style)
        self.assertIn(
            "threshold may be too high",
            wording.describe_verdict(self.env, {**found, "top_customers": 0})[1],
        )
