from .common import TieringCase


class TestMergeAndDelete(TieringCase):
    """Customers are merged and deleted without errors, and history survives a merge."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(window_months=1, grace_days=0, one_step_downgrade=False)
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")

    def merge(self, *partners, into):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge([partner.id for partner in partners] + into.ids, into, extra_checks=False)

    def test_the_better_standing_stays_whichever_partner_had_it(self):
        for name, amounts in (("source", (90, 30)), ("destination", (30, 90))):
            with self.subTest(better=name):
                gone, kept = self.make_customer("Gone"), self.make_customer("Kept")
                for partner, amount in zip((gone, kept), amounts, strict=True):
                    self.make_order(partner, amount, "2026-06-20")
                self.policy.evaluate("2026-06-30")
                self.merge(gone, into=kept)
                self.assertFalse(gone.exists())
                self.assertEqual(self.standing(kept).tier_id, self.vip)
                self.assertEqual(kept.customer_tier_id, self.vip)
                self.policy.evaluate("2026-06-30")
                self.assertEqual(self.standing(kept).revenue, 120)

    def test_the_history_of_both_is_kept(self):
        for partner in (self.acme, self.bolt):
            self.make_order(partner, 90, "2026-05-20")
        self.policy.evaluate("2026-06-01")
        self.policy.evaluate("2026-07-15")
        self.merge(self.acme, into=self.bolt)
        self.assertEqual(
            self.changes(self.bolt), [("2026-07-15", "vip", "potential", "downgrade")] * 2
        )

    def test_a_customer_merged_with_one_who_has_no_standing(self):
        self.make_order(self.acme, 90, "2026-06-20")
        self.policy.evaluate("2026-06-30")
        self.merge(self.acme, into=self.bolt)
        self.assertEqual(self.standing(self.bolt).tier_id, self.vip)

    def test_merging_keeps_one_standing_in_each_company(self):
        south = self.make_company("Southwind")
        self.judge_by_revenue(self.policy_of(south))
        self.make_order(self.acme, 90, "2026-06-20")
        self.make_order(self.bolt, 30, "2026-06-20")
        self.make_order(self.acme, 35, "2026-06-20", company=south)
        self.make_order(self.bolt, 65, "2026-06-20", company=south)
        self.policy.evaluate("2026-06-30")
        self.policy_of(south).evaluate("2026-06-30")
        self.merge(self.acme, into=self.bolt)
        self.assertEqual(self.standing(self.bolt).tier_id.code, "vip")
        self.assertEqual(self.standing(self.bolt, south).tier_id.code, "important")
