from odoo.addons.customer_tiering.tests.common import TieringCase


class TestPreviewFollowUps(TieringCase):
    """How many follow-ups previewed tiers would need, for as many account managers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.acme, cls.bolt = cls.make_customer("Acme"), cls.make_customer("Bolt")
        cls.make_order(cls.acme, 90, "2026-05-01")
        cls.make_order(cls.bolt, 65, "2026-05-01")
        cls.policy.evaluate("2026-06-01")
        cls.vip.service_level_id = cls.make_level("Gold", 14)
        cls.important.service_level_id = cls.make_level("Silver", 28)

    @classmethod
    def make_level(cls, name, days):
        return cls.env["customer.service.level"].create({"name": name, "followup_days": days})

    def cost(self, vip_from):
        """Return a preview of the policy with another threshold, and what it costs."""
        self.vip.min_score = vip_from
        evaluation = self.policy.simulate("2026-06-01")
        evaluation.action_estimate_cost()
        return evaluation

    def test_follow_ups_are_set_against_the_account_managers(self):
        self.acme.user_id = self.make_member("seller", "sales_team.group_sale_salesman")
        evaluation = self.cost(vip_from=65)
        self.assertAlmostEqual(evaluation.followups_now, 0.5 + 0.25)
        self.assertAlmostEqual(evaluation.followups_then, 0.5 + 0.5)
        self.assertEqual(evaluation.account_manager_count, 1)
        [line] = evaluation.migration_ids.filtered("extra_followups")
        self.assertAlmostEqual(line.extra_followups, 0.25)

    def test_an_archived_level_needs_no_follow_ups(self):
        self.assertTrue(self.vip._describe_benefits())
        self.vip.service_level_id.active = False
        self.assertFalse(self.vip._describe_benefits())
        evaluation = self.cost(vip_from=65)
        self.assertAlmostEqual(evaluation.followups_now, 0.25)
        self.assertEqual(evaluation.followups_then, 0)
