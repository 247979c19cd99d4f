from odoo.addons.overview_page.tests.common import OverviewCase
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import VmiCase

PAGE = "vmi.overview"


class TestOverview(VmiCase, OverviewCase):
    """The first page tells a buyer what waits, in numbers that the lists confirm."""

    def page_of(self, user):
        page = self.env[PAGE].with_user(user)
        return page.with_context(allowed_company_ids=self.company.ids)

    def tiles(self, user, scope):
        return self.check_overview(PAGE, user, self.company)[scope]

    def test_what_waits_is_counted_and_opened(self):
        buyer = self.make_buyer("overview_buyer", self.company)
        product = self.make_product("Flour", self.vendor, price=3)
        other = self.make_product("Sugar", self.vendor, price=2)
        agreement = self.make_agreement(
            {"product_id": product.id, "min_qty": 10, "max_qty": 20}, user_id=buyer.id
        )
        self.put(other, 50)
        self.make_agreement({"product_id": other.id, "min_qty": 5, "max_qty": 10}).review()
        agreement.review()
        mine = self.tiles(buyer, "mine")
        self.assertEqual(mine["lines"]["value"], 1)
        self.assertEqual(mine["value"]["value"], 60)
        self.assertEqual(mine["out"]["value"], 1)
        self.assertEqual(mine["above"]["value"], 0)
        everything = self.tiles(buyer, "company")
        self.assertEqual(everything["above"]["value"], 1)

    def test_every_sum_is_that_of_the_list_that_it_opens(self):
        manager = self.make_buyer(
            "overview_manager", self.company, "purchase.group_purchase_manager"
        )
        products = [self.make_product(f"Product {n}", self.vendor, price=n) for n in range(1, 4)]
        for product in products:
            product.sudo().with_company(self.company).standard_price = 5
        self.put(products[1], 50)
        self.put(products[2], 8)
        agreement = self.make_agreement(*((product, 5, 10) for product in products))
        self.put(self.screws, 3)
        other = self.make_agreement((self.screws, 5, 10), user_id=manager.id)
        (agreement | other).review()
        for scope, lines, value, overstock in (
            ("company", 2, 10 * 1 + 7 * 2, 40 * 5),
            ("mine", 1, 7 * 2, 0),
        ):
            tiles = self.tiles(manager, scope)
            self.assertEqual(tiles["lines"]["value"], lines)
            self.assertEqual(tiles["value"]["value"], value)
            self.assertEqual(tiles["overstock"]["value"], overstock)
            page = self.page_of(manager)
            for name, field in (("value", "amount"), ("overstock", "overstock_value")):
                action = tiles[name]["action"]
                opened = page.env[action["res_model"]].with_context(**action["context"])
                opened = opened.search(self.opened_domain(page.env, action))
                self.assertEqual(sum(opened.mapped(field)), tiles[name]["value"], name)

    def test_a_page_of_two_hundred_lines_takes_few_queries(self):
        products = [self.make_product(f"Product {n}", self.vendor) for n in range(200)]
        self.make_agreement(*((product, 5, 10) for product in products)).review()
        for group in ("user", "manager"):
            user = self.make_buyer(
                f"overview_{group}", self.company, f"purchase.group_purchase_{group}"
            )
            page = self.page_of(user)
            page.get_overview("company")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            overview = page.get_overview("company")
            self.assertLessEqual(self.env.cr.sql_log_count - before, 12, group)
            tiles = {t["name"]: t for s in overview["sections"] for t in s["tiles"]}
            self.assertEqual(tiles["lines"]["value"], 200)

    def test_managers_look_at_the_company_first(self):
        manager = self.make_buyer(
            "overview_manager", self.company, "purchase.group_purchase_manager"
        )
        buyer = self.make_buyer("overview_buyer", self.company)
        self.assertEqual(self.page_of(manager).get_overview()["scope"], "company")
        self.assertEqual(self.page_of(buyer).get_overview()["scope"], "mine")

    def test_the_steps_go_when_an_agreement_runs(self):
        buyer = self.make_buyer("overview_buyer", self.company)
        product = self.make_product("Flour", self.vendor)

        def steps():
            return {
                step["name"]: step["is_done"]
                for step in self.page_of(buyer).get_overview()["steps"]
            }

        agreement = self.make_agreement(
            {"product_id": product.id, "min_qty": 1, "max_qty": 2}, start=False
        )
        self.assertEqual(
            {name: steps()[name] for name in ("vendor", "products", "start")},
            {"vendor": True, "products": True, "start": False},
        )
        agreement.action_start()
        self.assertFalse(steps())

    def test_other_companies_and_other_roles(self):
        other = self.make_company("Elsewhere")
        buyer = self.make_buyer("overview_buyer", self.company)
        product = self.make_product("Flour", self.vendor)
        self.make_agreement({"product_id": product.id, "min_qty": 10, "max_qty": 20}).review()
        buyer.company_ids |= other
        tiles = self.check_overview(PAGE, buyer, other)["company"]
        self.assertEqual(tiles["lines"]["value"], 0)
        self.assertEqual(tiles["out"]["value"], 0)
        employee = new_test_user(self.env(su=True, user=1), "overview_employee", "base.group_user")
        with self.assertRaises(AccessError):
            self.env[PAGE].with_user(employee).get_overview()
