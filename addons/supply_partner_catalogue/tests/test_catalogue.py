from odoo.exceptions import UserError
from odoo.tests import Form

from .common import CatalogueCase


class TestOffers(CatalogueCase):
    """Every vendor's price of today, by unit of the product and in the company's currency."""

    def offers(self, product, **domain):
        found = self.env["vendor.offer"]._get_by_product(product)
        return found.get(product, self.env["vendor.offer"])

    def test_unit_currency_duty_and_freight(self):
        box = self.make_dozen()
        dollar = self.activate("USD", 2.0)
        self.add_seller(
            self.screws, self.bolt_works, price=240.0, discount=10.0, currency_id=dollar.id,
            product_uom_id=box.id, min_qty=2, duty_rate=10.0, freight_cost=12.0,
            company_id=self.company.id, product_code="BW-7",
        )  # fmt: skip
        best, other = self.offers(self.screws)
        # 240 $ less 10 % a box of twelve: 9 € a piece, 9.90 with duty, 10.40 with freight.
        self.assertEqual(best.partner_id, self.vendor)
        self.assertAlmostEqual(other.net_price, 9.0)
        self.assertAlmostEqual(other.landed_price, 10.4)
        self.assertAlmostEqual(other.good_price, 10.4)
        self.assertEqual((other.min_qty, other.vendor_code), (24, "BW-7"))
        self.assertEqual(self.offers(self.screws).filtered("is_best"), best)

    def test_what_a_vendors_defects_cost(self):
        self.patch(
            self.env.registry["vendor.offer"],
            "_get_vendor_measures",
            lambda self, company: {measured: {"otif": 0.9, "quality": 0.2}},
        )
        measured = self.vendor.id
        self.add_seller(self.screws, self.bolt_works, price=11.0, company_id=self.company.id)
        best, other = self.offers(self.screws)
        self.assertEqual((best.partner_id, other.partner_id), (self.bolt_works, self.vendor))
        self.assertAlmostEqual(other.good_price, 12.5)
        self.assertEqual((other.otif, other.has_otif, best.has_otif), (0.9, True, False))
        shown = self.screws.vendor_offers
        self.assertEqual([one["vendor"] for one in shown], ["Bolt Works", "Acme Fasteners"])
        self.assertEqual((shown[1]["otif"], shown[0]["otif"]), (0.9, None))

    def test_only_what_holds_today_here(self):
        other = self.make_company("Southwind")
        for vals in (
            {"date_end": "2020-01-01", "company_id": self.company.id},
            {"date_start": "2999-01-01", "company_id": self.company.id},
            {"company_id": other.id},
        ):
            self.add_seller(self.screws, self.bolt_works, price=1.0, **vals)
        self.assertEqual(self.offers(self.screws).partner_id, self.vendor)

    def test_a_price_of_all_variants_is_an_offer_of_each(self):
        color = self.env["product.attribute"].sudo().create({"name": "Colour"})
        values = (
            self.env["product.attribute.value"]
            .sudo()
            .create([{"name": name, "attribute_id": color.id} for name in ("Red", "Blue")])
        )
        template = (
            self.env["product.template"]
            .sudo()
            .create(
                {
                    "name": "Pegs",
                    "attribute_line_ids": [
                        (0, 0, {"attribute_id": color.id, "value_ids": [(6, 0, values.ids)]})
                    ],
                }
            )
        )
        self.env["product.supplierinfo"].sudo().create(
            {"product_tmpl_id": template.id, "partner_id": self.vendor.id, "price": 2.0,
             "company_id": self.company.id}
        )  # fmt: skip
        offers = self.env["vendor.offer"].search([("product_id.product_tmpl_id", "=", template.id)])
        self.assertEqual(len(offers), 2)
        self.assertEqual(offers.product_id, template.product_variant_ids)

    def test_search_by_the_vendors_code(self):
        products = self.env["product.product"]
        self.assertEqual(products.search([("vendor_search", "ilike", "SC-1")]), self.screws)
        offers = self.env["vendor.offer"]
        self.assertEqual(offers.search([("vendor_code", "=", "NA-1")]).product_id, self.nails)
        found = offers.search([("product_id.barcode", "=", "4006381333931")])
        self.assertEqual(found.product_id, self.screws)

    def test_a_hundred_products_take_as_many_queries_as_one(self):
        products = (
            self.env["product.product"].sudo().create([{"name": f"Part {n}"} for n in range(100)])
        ).with_env(self.env)
        for product in products:
            for vendor in (self.vendor, self.bolt_works):
                self.add_seller(product, vendor, price=5.0, company_id=self.company.id)
        self.env.flush_all()
        counts = []
        for part in (products[:1], products):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertTrue(all(product.vendor_offers for product in part))
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 2)


class TestCart(CatalogueCase):
    """From the catalogue into a cart, from there to a request for quotation of each vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        own = {"company_id": cls.company.id}
        cls.add_seller(cls.screws, cls.bolt_works, price=9.0, delay=10, **own)
        cls.add_seller(cls.screws, cls.vendor, price=8.0, min_qty=100, **own)

    def test_the_best_vendor_is_chosen_for_the_quantity(self):
        cart = Form(self.env["vendor.cart"])
        with cart.line_ids.new() as line:
            line.product_id = self.screws
            line.quantity = 10
        cart = cart.save()
        line = cart.line_ids
        self.assertEqual((line.partner_id, line.good_price), (self.bolt_works, 9))
        self.assertEqual((line.next_partner_id, line.next_price), (self.vendor, 10))
        self.assertEqual((cart.amount, cart.savings), (90, 10))
        line.quantity = 100
        self.assertIn("cheaper", line.hint)
        cart.action_choose_best()
        self.assertEqual((line.partner_id, line.good_price), (self.vendor, 8))

    def test_odoos_catalogue_fills_the_cart(self):
        cart = self.env["vendor.cart"].create({})
        action = cart.action_add_from_catalog()
        self.assertEqual(action["context"]["order_id"], cart.id)
        price = cart._update_order_line_info(self.screws.id, 3)
        self.assertEqual((price, cart.line_ids.partner_id), (9, self.bolt_works))
        info = cart._get_product_catalog_order_line_info((self.screws | self.nails).ids)
        self.assertEqual(info[self.screws.id]["quantity"], 3)
        self.assertEqual((info[self.nails.id]["quantity"], info[self.nails.id]["price"]), (0, 4))
        cart._update_order_line_info(self.screws.id, 0)
        self.assertFalse(cart.line_ids)

    def test_a_click_on_an_offer_puts_it_into_the_open_cart(self):
        carts = self.env["vendor.cart"]
        added = carts.add_offer(self.screws.id, self.vendor.id)
        cart = carts.browse(added["cart_id"])
        self.assertEqual((cart.line_ids.partner_id, cart.line_ids.quantity), (self.vendor, 1))
        # Another vendor of the same product is chosen instead of it.
        carts.add_offer(self.screws.id, self.bolt_works.id)
        self.assertEqual((cart.line_ids.partner_id, cart.line_ids.quantity), (self.bolt_works, 1))
        with self.assertRaises(UserError):
            carts.add_offer(self.washers.id, self.vendor.id)

    def test_an_rfq_of_each_vendor(self):
        cart = self.env["vendor.cart"].create({})
        cart._add(self.screws, 10)
        cart._add(self.nails, 5)
        action = cart.action_create_rfqs()
        orders = self.env["purchase.order"].search(action["domain"])
        self.assertEqual(orders.partner_id, self.bolt_works | self.vendor)
        self.assertEqual(set(orders.mapped("state")), {"draft"})
        self.assertEqual(set(orders.mapped("origin")), {cart.name})
        lines = {line.product_id: line for line in orders.order_line}
        self.assertEqual(
            [(lines[one].product_qty, lines[one].price_unit) for one in (self.screws, self.nails)],
            [(10, 9), (5, 4)],
        )
        self.assertEqual(cart.state, "done")
        with self.assertRaises(UserError):
            cart.action_create_rfqs()
        with self.assertRaises(UserError):
            cart._update_order_line_info(self.screws.id, 1)

    def test_what_cannot_be_requested(self):
        cart = self.env["vendor.cart"].create({})
        with self.assertRaisesRegex(UserError, "empty"):
            cart.action_create_rfqs()
        cart._add(self.washers, 1)
        with self.assertRaisesRegex(UserError, "Washers"):
            cart.action_create_rfqs()
