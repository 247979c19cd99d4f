from odoo.exceptions import UserError
from odoo.fields import Date

from .common import TieringCase


class TestMovement(TieringCase):
    """Up at once, down slowly: threshold 80 with a margin of 10 % tolerates scores from 72."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(
            window_months=1, tolerance=0.1, grace_days=10, one_step_downgrade=False
        )
        cls.acme = cls.make_customer("Acme")
        cls.bought = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.policy.evaluate("2026-06-01")

    def evaluate(self, day, score):
        """Evaluate with the customer's score set; return the tier held and the day due."""
        self.bought.order_line.price_unit = score
        self.bought.date_order = f"{day} 01:00:00"
        self.policy.evaluate(day)
        standing = self.standing(self.acme)
        self.assertEqual(standing.score, score)
        due = standing.downgrade_on
        return standing.tier_id, Date.to_string(due) if due else None

    def test_upgrade_is_immediate(self):
        newcomer = self.make_customer("Newcomer")
        order = self.make_order(newcomer, 10, "2026-06-01")
        self.policy.evaluate("2026-06-02")
        order.order_line.price_unit = 95
        self.policy.evaluate("2026-06-03")
        self.assertEqual(self.standing(newcomer).tier_id, self.vip)
        self.assertEqual(self.standing(newcomer).tier_since, Date.to_date("2026-06-03"))
        self.assertEqual(self.changes(newcomer), [("2026-06-03", "potential", "vip", "upgrade")])

    def test_within_the_margin_no_grace_starts(self):
        self.assertEqual(self.evaluate("2026-06-02", 72), (self.vip, None))
        self.assertEqual(self.standing(self.acme).candidate_tier_id, self.important)

    def test_below_the_margin_the_tier_is_kept_until_the_grace_is_over(self):
        self.assertEqual(self.evaluate("2026-06-02", 71.99), (self.vip, "2026-06-12"))
        self.assertEqual(self.evaluate("2026-06-11", 71.99), (self.vip, "2026-06-12"))
        self.assertEqual(self.evaluate("2026-06-12", 71.99), (self.important, None))
        self.assertEqual(self.changes(self.acme), [("2026-06-12", "vip", "important", "downgrade")])
        self.assertEqual(self.standing(self.acme).tier_since, Date.to_date("2026-06-12"))

    def test_a_missed_night_downgrades_at_the_first_run_after_the_day(self):
        self.evaluate("2026-06-02", 50)
        self.assertEqual(self.evaluate("2026-06-20", 50), (self.ordinary, None))

    def test_the_margin_neither_ends_nor_prolongs_a_running_grace(self):
        self.evaluate("2026-06-02", 50)
        self.assertEqual(self.evaluate("2026-06-05", 75), (self.vip, "2026-06-12"))
        self.assertEqual(self.evaluate("2026-06-12", 75), (self.important, None))

    def test_reaching_the_threshold_again_ends_the_grace(self):
        self.evaluate("2026-06-02", 50)
        self.assertEqual(self.evaluate("2026-06-05", 80), (self.vip, None))
        self.assertEqual(self.evaluate("2026-06-12", 50), (self.vip, "2026-06-22"))

    def test_who_leaves_during_the_grace_comes_back_to_what_is_earned(self):
        self.evaluate("2026-06-02", 50)
        self.policy.partner_domain = [("name", "!=", "Acme")]
        self.policy.evaluate("2026-06-05")
        self.assertFalse(self.standing(self.acme).downgrade_on)
        self.policy.partner_domain = "[]"
        self.assertEqual(self.evaluate("2026-06-06", 50), (self.ordinary, None))
        self.assertEqual(
            self.changes(self.acme),
            [("2026-06-05", "vip", False, "left"), ("2026-06-06", False, "ordinary", "first")],
        )

    def test_without_grace_the_downgrade_is_immediate(self):
        self.policy.grace_days = 0
        self.assertEqual(self.evaluate("2026-06-02", 10), (self.potential, None))

    def test_one_step_at_a_time_with_a_new_grace_for_each(self):
        self.policy.one_step_downgrade = True
        self.evaluate("2026-06-02", 10)
        self.assertEqual(self.evaluate("2026-06-12", 10), (self.important, "2026-06-22"))
        self.assertEqual(self.evaluate("2026-06-22", 10), (self.ordinary, "2026-07-02"))
        self.assertEqual(self.evaluate("2026-07-02", 10), (self.potential, None))

    def test_one_step_without_grace_goes_down_once_a_day(self):
        self.policy.write({"one_step_downgrade": True, "grace_days": 0})
        self.assertEqual(self.evaluate("2026-06-02", 10), (self.important, "2026-06-03"))
        self.assertEqual(self.policy.evaluate("2026-06-02").standings_written, 0)
        self.assertEqual(self.evaluate("2026-06-03", 10)[0], self.ordinary)

    def test_another_policy_with_the_same_tiers_moves_nobody(self):
        self.evaluate("2026-06-02", 71.99)
        successor = self.policy.copy()
        self.policy.active = False
        successor.active = True
        successor.evaluate("2026-06-03")
        standing = self.standing(self.acme)
        self.assertEqual(standing.tier_id, successor._get_tiers()[0])
        self.assertEqual(Date.to_string(standing.tier_since), "2026-06-01")
        self.assertEqual(Date.to_string(standing.downgrade_on), "2026-06-12")
        self.assertFalse(self.changes(self.acme))
        self.policy.active, successor.active = False, False
        self.policy.active = True
        with self.assertRaisesRegex(UserError, "Northwind were calculated as of"):
            self.policy.evaluate("2026-06-02")

    def test_an_archived_tier_is_left_at_once(self):
        self.important.active = False
        self.evaluate("2026-06-02", 90)
        self.vip.active = False
        self.assertEqual(self.evaluate("2026-06-03", 90), (self.ordinary, None))
        self.assertEqual(self.changes(self.acme), [("2026-06-03", "vip", "ordinary", "downgrade")])
