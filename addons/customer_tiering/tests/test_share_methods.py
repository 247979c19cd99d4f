from odoo import Command
from odoo.exceptions import ValidationError

from .common import TieringCase


class TestShareMethods(TieringCase):
    """Tiers by share of the customers, and by share of the revenue."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000)
        for tier, share in zip(cls.policy._get_tiers(), (0.1, 0.25, 0.3, 0), strict=True):
            tier.share = share

    def rank(self, *amounts):
        """Return the codes of the tiers of customers who bought for these amounts."""
        customers = [self.make_customer(f"Customer {amount}") for amount in amounts]
        for customer, amount in zip(customers, amounts, strict=True):
            self.make_order(customer, amount, "2026-06-01")
        self.policy.evaluate("2026-06-30")
        return [self.standing(customer).tier_id.code for customer in customers]

    def test_top_share_rounds_each_boundary_up(self):
        # 7 customers: ⌈0.7⌉ = 1, ⌈2.45⌉ = 3, ⌈4.55⌉ = 5.
        self.policy.method = "top_share"
        self.assertEqual(
            self.rank(700, 600, 500, 400, 300, 200, 100),
            ["vip", *["important"] * 2, *["ordinary"] * 2, *["potential"] * 2],
        )

    def test_top_share_boundaries_are_exact(self):
        # 0.1 + 0.25 + 0.3 of 20 is 13 exactly; floats would make it 13.000000000000002.
        self.policy.method = "top_share"
        tiers = self.rank(*range(400, 0, -20))
        self.assertEqual(
            [tiers.count(code) for code in ("vip", "important", "ordinary")], [2, 5, 6]
        )

    def test_equal_scores_at_a_boundary_are_split_by_revenue_then_id(self):
        self.policy.method = "top_share"
        self.policy.criterion_ids[0].cap = 10
        self.assertEqual(self.rank(50, 90, 50, 50), ["important", "vip", "ordinary", "potential"])

    def test_a_lone_customer_is_in_the_best_tier(self):
        for method in ("top_share", "value_share"):
            self.policy.method = method
            self.assertEqual(self.rank(5)[-1:], ["vip"])
            self.env["sale.order"].search([("company_id", "=", self.company.id)])._action_cancel()

    def test_value_share_puts_who_crosses_a_line_in_the_better_class(self):
        # Of 100: before VIP 0 < 10, before the second 60 ≥ 35 but < 65, before the third 85.
        self.policy.method = "value_share"
        self.assertEqual(self.rank(60, 25, 15), ["vip", "ordinary", "potential"])

    def test_equal_revenue_at_a_line_is_split_by_id(self):
        # Of 100: before the customers 0 < 10, 20 < 35, 40 < 65, 60 < 65, 80.
        self.policy.method = "value_share"
        self.assertEqual(
            self.rank(20, 20, 20, 20, 20),
            ["vip", "important", "ordinary", "ordinary", "potential"],
        )

    def test_nobody_with_revenue_is_the_last_class(self):
        self.policy.method = "value_share"
        self.assertEqual(self.rank(0, 0), ["potential", "potential"])
        standings = self.env["customer.standing"].search([("company_id", "=", self.company.id)])
        self.assertEqual(standings.mapped("abc_class"), ["c", "c"])
        self.assertEqual(set(standings.mapped("value_class")), {"standard"})
        self.assertFalse(any(standings.mapped("at_risk")))

    def test_shares_shown_are_of_what_was_earned(self):
        # Revenues below zero would make 111 %, 56 % and −67 % of the net total of 90.
        self.policy.method = "score"
        self.ordinary.min_score, self.important.min_score, self.vip.min_score = 0.1, 5, 10
        self.rank(100, 50, -60)
        self.assertEqual(
            [
                (tier.customer_count, tier.revenue, round(tier.revenue_share, 6))
                for tier in self.policy._get_tiers()
            ],
            [(1, 100, 0.666667), (1, 50, 0.333333), (0, 0, 0), (1, -60, 0)],
        )
        # Within a tier, too: what one customer gave back takes nothing from another's.
        self.rank(-40, 1)
        self.assertAlmostEqual(self.ordinary.revenue_share, 1 / 151)
        self.assertAlmostEqual(sum(self.policy.tier_ids.mapped("revenue_share")), 1)

    def test_without_revenue_top_shares_go_by_id(self):
        # ⌈0.2⌉ = 1, ⌈0.7⌉ = 1, ⌈1.3⌉ = 2.
        self.policy.method = "top_share"
        self.assertEqual(self.rank(0, 0), ["vip", "ordinary"])

    def test_shares_have_no_margin(self):
        self.policy.write({"method": "top_share", "grace_days": 5, "tolerance": 1})
        first, second = self.rank(100, 90), None
        self.assertEqual(first, ["vip", "ordinary"])
        second = self.env["res.partner"].search([("name", "=", "Customer 90")])
        self.make_order(second, 20, "2026-07-01")
        self.policy.evaluate("2026-07-02")
        overtaken = self.standing(self.env["res.partner"].search([("name", "=", "Customer 100")]))
        self.assertEqual(overtaken.tier_id, self.vip)
        self.assertEqual(str(overtaken.downgrade_on), "2026-07-07")
        self.assertEqual(self.standing(second).tier_id, self.vip)

    def test_shares_that_make_no_sense_are_refused(self):
        self.vip.share = 0.6
        with self.assertRaisesRegex(ValidationError, "add up to 115 %: lower the Share"):
            self.policy.method = "top_share"
        self.env.invalidate_all(flush=False)
        self.vip.share = 0
        with self.assertRaisesRegex(ValidationError, "VIP .* gets no share: set its Share"):
            self.policy.method = "value_share"

    def test_thresholds_do_not_matter_for_shares(self):
        self.policy.write(
            {
                "method": "top_share",
                "tier_ids": [Command.update(self.important.id, {"min_score": 80})],
            }
        )
        with self.assertRaisesRegex(ValidationError, "same threshold"):
            self.policy.method = "score"
