from odoo.tests import HttpCase, tagged

from .common import TieringCase


@tagged("post_install", "-at_install")
class TestScreens(HttpCase, TieringCase):
    """What salespeople and managers click, in a browser."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.make_order(cls.make_customer("Tour Customer"), 90, "2026-06-01")

        cls.salesperson = cls.make_member("tour_salesperson", "sales_team.group_sale_salesman")
        cls.manager = cls.make_member("tour_manager", "customer_tiering.group_tiering_manager")

    def test_a_salesperson_finds_the_vips(self):
        self.policy.evaluate("2026-06-30")
        self.start_tour("/odoo/customers-by-tier", "customer_tier_tour", login="tour_salesperson")

    def test_a_manager_evaluates_at_once(self):
        self.policy.window_months = 1200
        self.start_tour(
            f"/odoo/customer-tier-policies/{self.policy.id}",
            "customer_tier_evaluate_tour",
            login="tour_manager",
        )
        self.assertEqual(self.policy.evaluation_ids.user_id, self.manager)
