from odoo.addons.overview_page.tests.common import OverviewCase
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged


@tagged("post_install", "-at_install")
class TestOverviewPage(OverviewCase):
    def test_a_page_without_anything_is_empty(self):
        self.assertEqual(self.check_overview("overview.page"), {"": {}})

    def test_visitors_see_no_page(self):
        visitor = new_test_user(self.env, "visitor", groups="base.group_portal")
        with self.assertRaises(AccessError):
            self.env["overview.page"].with_user(visitor).get_overview()

    def test_an_action_is_narrowed_and_counted_with_its_filters(self):
        page = self.env["overview.page"]
        one = self.env["res.partner"].create({"name": "One", "is_company": True})
        two = self.env["res.partner"].create({"name": "Two", "parent_id": one.id})
        domain = [("id", "in", (one + two).ids)]
        action = page._open("base.action_partner_form", domain, {"search_default_type_company": 1})
        self.assertEqual(self.count_opened(self.env, action), 1)
        action = page._open("base.action_partner_form", domain, {}, name="Both")
        self.assertEqual(self.count_opened(self.env, action), 2)
        self.assertEqual(action["name"], "Both")

    def test_a_known_action_costs_no_query(self):
        page = self.env["overview.page"]
        page._open("base.action_partner_form")
        with self.assertQueryCount(0):
            page._open("base.action_partner_form", [("id", "=", 1)])

    def test_a_misspelt_option_of_a_tile_is_refused(self):
        page = self.env["overview.page"]
        self.assertEqual(page._tile("a", "A", None, tone="danger")["tone"], "danger")
        with self.assertRaisesRegex(ValueError, "colour"):
            page._tile("a", "A", 1, colour=2)
