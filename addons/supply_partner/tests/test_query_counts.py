from odoo.addons.field_guard.tests.common_queries import QueryCountCase
from odoo.fields import Command

from ..models.vmi_agreement_line import MOVED
from .common import VmiCase


class TestQueryCounts(QueryCountCase, VmiCase):
    """Each screen, and a review, asks the database as often for many products as for few."""

    least_screens = 12
    shown_models = (
        "vmi.agreement",
        "vmi.agreement.line",
        "vmi.alert",
        "vmi.proposal",
        "vmi.proposal.line",
        "vmi.vendor.holiday",
        "purchase.order.line",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting_user = cls.make_buyer(
            "waiting buyer",
            cls.company,
            "purchase.group_purchase_manager,stock.group_stock_manager",
        )
        cls.products = cls.screws
        cls.vendors = cls.vendor
        cls.first = cls.make_agreement((cls.screws, 60, 120))

    def make_products(self, count):
        """Make products with a vendor; every third has some stock."""
        made = self.screws.browse()
        for _new in range(count):
            product = self.make_product(f"Product {len(self.products)}", self.vendor)
            if len(made) % 3 == 0:
                self.put(product, 5)
            made += product
            self.products += product
        return made

    def agree(self, products, **vals):
        """Return a running agreement about products."""
        return self.make_agreement(*((product, 60, 120) for product in products), **vals)

    def make_records(self, count):
        """Make agreements of one product, and one of many, with orders, proposals and alerts."""
        self.first.line_ids = [
            Command.create({"product_id": product.id, "min_qty": 60, "max_qty": 120})
            for product in self.make_products(count)
        ]
        for place, product in enumerate(self.make_products(count)):
            vendor = self.make_vendor(f"Vendor of {product.name}")
            self.vendors += vendor
            self.add_seller(product, vendor)
            self.env["vmi.vendor.holiday"].create(
                {
                    "partner_id": vendor.id,
                    "name": "New year",
                    "date_start": "2026-01-01",
                    "date_end": "2026-01-01",
                }
            )
            agreement = self.agree(product, partner_id=vendor.id)
            proposal = agreement.review()
            if place % 3 == 0:
                proposal.action_approve()
                proposal.purchase_order_ids.order_line.product_qty = 50
                agreement.line_ids.max_qty = 240
                agreement.review()
        self.first.review()

    def get_shown_domain(self, model):
        if model == "stock.warehouse.orderpoint":
            # Odoo itself looks for the rules and vendors of each.
            return None
        named = {
            "product.product": self.products,
            "product.template": self.products.product_tmpl_id,
            "res.partner": self.vendors,
        }
        if model in named:
            return [("id", "in", named[model].ids)]
        if model == "vmi.vendor.holiday":
            return [("partner_id", "in", self.vendors.ids)]
        return super().get_shown_domain(model)

    def test_reviewing(self):
        self.check_growth(
            lambda count: self.agree(self.make_products(count)),
            lambda agreement: agreement.review(),
        )

    def test_reviewing_many_agreements(self):
        self.check_growth(
            lambda count: self.env["vmi.agreement"].union(
                *(self.agree(product) for product in self.make_products(count))
            ),
            lambda agreements: agreements.review(),
            # A number for each proposal, and an activity that is told of its alerts by itself.
            each=5,
        )

    def test_starting(self):
        self.check_growth(
            lambda count: self.agree(self.make_products(count), start=False),
            lambda agreement: agreement.action_start(),
            # Odoo numbers each reordering rule, and looks for its route.
            each=4,
        )

    def test_approving(self):
        self.check_growth(
            lambda count: self.agree(self.make_products(count)).review(),
            lambda proposal: proposal.action_approve(),
            # Each product is procured by itself, so that one that cannot be stops no other.
            each=36,
        )

    def test_measuring_what_moved(self):
        """A transaction asks as often for a hundred moves as for ten."""

        def count(number):
            products = self.make_products(number)
            self.agree(products)
            with self.enter_registry_test_mode():
                self.env.cr.postcommit.run()
            moves = products.env["stock.move"].union(
                *(
                    self.move(product, 1, self.stock, self.customers, done=True)
                    for product in products
                )
            )
            self.env.cr.postcommit.clear()
            lines = self.env["vmi.agreement.line"]

            def measure():
                lines._measure_moved(moves)
                lines.browse(self.env.cr.postcommit.data[MOVED])._measure()

            return self.count_queries(measure)

        few, many = count(10), count(100)
        self.assert_no_more(many, few)

    def test_reordering_rules_name_their_agreement(self):
        def prepare(count):
            rules = self.agree(self.make_products(count)).line_ids.orderpoint_id
            return rules.browse(rules.ids)

        self.check_growth(prepare, lambda rules: rules.mapped("vmi_agreement_id.name"))
