from odoo.exceptions import UserError

from .common import TieringCase


class TestSettings(TieringCase):
    """The page of settings shows the active policy, and sets and starts its nightly run."""

    def settings(self):
        return self.env["res.config.settings"].create({"company_id": self.company.id})

    def test_the_hour_of_the_run_is_that_of_the_active_policy(self):
        settings = self.settings()
        self.assertEqual(settings.tier_policy_id, self.policy)
        self.assertEqual(settings.tier_run_hour, self.policy.evaluation_hour)
        settings.tier_run_hour = 4
        settings.execute()
        self.assertEqual(self.policy.evaluation_hour, 4)

    def test_the_tiers_are_calculated_at_once(self):
        self.make_order(self.make_customer("Acme"), 90, str(self.policy._get_today()))
        action = self.settings().action_run_tiers()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.policy.customer_count, 1)

    def test_without_an_active_policy_the_list_is_opened_and_nothing_runs(self):
        self.assertEqual(self.settings().action_open_tier_policy()["res_id"], self.policy.id)
        self.policy.active = False
        settings = self.settings()
        self.assertNotIn("res_id", {k for k, v in settings.action_open_tier_policy().items() if v})
        with self.assertRaises(UserError):
            settings.action_run_tiers()

    def test_sales_managers_set_policies(self):
        manager = self.make_member("settings_manager", "sales_team.group_sale_manager")
        self.assertTrue(manager.has_group("customer_tiering.group_tiering_manager"))
