from lxml import etree

from odoo.tests import tagged

from .common import TieringCase


@tagged("post_install", "-at_install")
class TestRowsOfLists(TieringCase):
    """A row of any list of the app opens something, on a phone too."""

    def get_rows(self):
        """Yield (menu, kind of view, its root element) of lists and cards without a form."""
        root = self.env.ref("customer_tiering.menu_root")
        for menu in self.env["ir.ui.menu"].search([("id", "child_of", root.id)]):
            action = menu.action
            if not action or action._name != "ir.actions.act_window":
                continue
            views = {kind: view for view, kind in action.views}
            # Analyses begin with a pivot: their rows are figures, not records to work with.
            if "form" in views or next(iter(views)) not in ("list", "kanban"):
                continue
            for kind in views.keys() & {"list", "kanban"}:
                found = self.env[action.res_model].get_views([(views[kind], kind)])
                yield menu, kind, etree.fromstring(found["views"][kind]["arch"])

    def test_every_row_opens_something(self):
        seen = 0
        for menu, kind, root in self.get_rows():
            seen += 1
            with self.subTest(menu=menu.complete_name, kind=kind):
                self.assertTrue(root.get("action") or root.get("editable"))
        self.assertGreater(seen, 1)

    def test_a_tier_change_opens_the_customer(self):
        self.judge_by_revenue()
        customer = self.make_customer("Bakery")
        self.make_order(customer, 40, "2026-06-01")
        self.policy.evaluate("2026-06-10")
        self.make_order(customer, 90, "2026-06-11")
        self.policy.evaluate("2026-06-12")
        salesperson = self.make_member("rows_salesperson", "sales_team.group_sale_salesman")
        change = self.env["customer.standing.change"].search([("partner_id", "=", customer.id)])
        action = change.with_user(salesperson).action_open_customer()
        self.assertEqual(action["res_model"], "customer.standing")
        self.assertEqual(action["res_id"], self.standing(customer).id)
