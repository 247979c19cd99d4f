from odoo.exceptions import AccessError
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestDashboardRoles(TransactionCase):
    """Who sees the dashboard; what it shows is tested in a browser."""

    def test_only_the_role_sees_it(self):
        dashboard = self.env.ref("customer_tiering_dashboard.customer_tiers_dashboard")
        insider = new_test_user(self.env, "dashboard_insider", "sales_team.group_sale_salesman")
        outsider = new_test_user(self.env, "dashboard_outsider", "base.group_user")
        self.assertIn(dashboard, dashboard.with_user(insider).search([]))
        self.assertTrue(dashboard.with_user(insider).spreadsheet_data)
        with self.assertRaises(AccessError):
            dashboard.with_user(outsider).read(["spreadsheet_data"])
