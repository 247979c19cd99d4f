import re

from odoo.addons.customer_tiering.tests.common_prices import PricingCase
from odoo.addons.website_sale.models.website import CART_SESSION_CACHE_KEY
from odoo.fields import Command
from odoo.http import root
from odoo.tests import HttpCase, new_test_user


class TestShopPrices(PricingCase, HttpCase):
    """What visitors of the web shop see, by real requests."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.website = cls.env["website"].search([], limit=1)
        cls.website.company_id = cls.company
        cls.website.domain = False
        cls.env["website"].search([("id", "!=", cls.website.id)]).sequence = 99
        cls.env["product.pricelist"].search([]).website_id = False
        cls.standard.selectable = True
        cls.sale_prices = cls.make_prices(
            "Sale", sequence=9, percent=50, selectable=True, website_id=False
        )
        cls.gold_prices = cls.make_prices("Gold", percent=10, sequence=2, website_id=False)
        cls.important.pricelist_id = cls.gold_prices
        cls.product.is_published = True
        cls.acme_user, cls.newcomer_user = (
            new_test_user(
                cls.env,
                login,
                "base.group_portal",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for login in ("shop_acme", "shop_newcomer")
        )
        cls.acme_user.partner_id.parent_id = cls.acme
        cls.newcomer_user.partner_id.parent_id = cls.newcomer

    def sign_in(self, user):
        self.authenticate(user.login, user.login)

    def price(self):
        """Return the product's price on its page."""
        page = self.url_open(self.product.product_tmpl_id.website_url)
        self.assertEqual(page.status_code, 200)
        return float(
            re.search(r'class="oe_price".*?oe_currency_value">([\d.]+)', page.text, re.S)[1]
        )

    def pick(self, pricelist):
        self.url_open(f"/shop/change_pricelist/{pricelist.id}")

    def add_to_cart(self):
        self.make_jsonrpc_request(
            "/shop/cart/add",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "quantity": 1,
            },
        )
        return self.env["sale.order"].search([("website_id", "=", self.website.id)], limit=1)

    def test_who_signs_in_sees_the_prices_of_the_tier_and_nobody_else_does(self):
        self.assertFalse(self.vip_prices.selectable)
        self.authenticate(None, None)
        self.assertEqual(self.price(), 100)
        self.sign_in(self.newcomer_user)
        self.assertEqual(self.price(), 100)
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 80)

    def test_a_change_of_tier_is_seen_at_the_next_request(self):
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 80)
        self.place(self.acme, self.important)
        self.assertEqual(self.price(), 90)
        self.place(self.acme, False)
        self.assertEqual(self.price(), 100)
        self.place(self.acme, self.vip)
        self.assertEqual(self.price(), 80)
        self.assertEqual(self.price(), 80)

    def test_another_pricelist_of_the_tier_is_seen_at_the_next_request(self):
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 80)
        self.vip.pricelist_id = self.gold_prices
        self.assertEqual(self.price(), 90)

    def test_a_request_that_only_reads_sees_it_and_leaves_the_cart_to_the_next(self):
        self.sign_in(self.acme_user)
        cart = self.add_to_cart()
        self.place(self.acme, self.important)
        shown = self.make_jsonrpc_request(
            "/website_sale/get_combination_info",
            {
                "product_template_id": self.product.product_tmpl_id.id,
                "product_id": self.product.id,
                "combination": [],
                "add_qty": 1,
            },
        )
        self.env.invalidate_all()
        self.assertEqual((shown["price"], cart.amount_untaxed), (90, 80))
        self.assertEqual(self.price(), 90)
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(cart.amount_untaxed, 90)

    def test_a_pick_among_the_selectable_ones_stays(self):
        self.sign_in(self.acme_user)
        self.pick(self.sale_prices)
        self.assertEqual(self.price(), 50)
        self.place(self.acme, self.important)
        self.assertEqual(self.price(), 50)
        self.pick(self.gold_prices)
        self.assertEqual(self.price(), 90)
        self.place(self.acme, self.vip)
        self.assertEqual(self.price(), 80)

    def test_nobody_else_can_pick_it(self):
        # Not even by a link or a code, and not where it is selectable by mistake.
        self.vip_prices.write({"selectable": True, "code": "VIPONLY"})
        for user in (None, self.newcomer_user):
            self.authenticate(user and user.login, user and user.login)
            self.pick(self.vip_prices)
            self.assertEqual(self.price(), 100)
            self.url_open(f"{self.product.website_url}?pricelist={self.vip_prices.id}")
            self.assertEqual(self.price(), 100)
            self.url_open("/shop/pricelist?promo=VIPONLY")
            self.assertEqual(self.price(), 100)
            self.assertNotIn("VIP", self.url_open("/shop").text)

    def test_it_is_no_fallback_where_it_is_the_websites_only_one(self):
        (self.standard | self.sale_prices).active = False
        self.vip_prices.website_id = self.website
        self.authenticate(None, None)
        self.assertEqual(self.price(), 100)
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 80)

    def test_that_of_another_website_is_passed_over(self):
        self.vip_prices.website_id = self.env["website"].create(
            {"name": "Other", "company_id": self.company.id, "sequence": 99}
        )
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 100)

    def test_given_to_a_customer_it_is_his_own_in_the_shop_too(self):
        self.newcomer.property_product_pricelist = self.vip_prices
        self.sign_in(self.newcomer_user)
        self.assertEqual(self.price(), 80)
        self.assertEqual(self.price(), 80)

    def test_nothing_while_the_feature_is_off(self):
        self.turn_off("product.group_product_pricelist")
        self.sign_in(self.acme_user)
        self.assertEqual(self.price(), 100)

    def test_an_open_cart_is_repriced(self):
        terms = self.env["account.payment.term"].create({"name": "60 days"})
        self.ordinary.write({"discount": 0.05, "payment_term_id": terms.id})
        self.sign_in(self.acme_user)
        cart = self.add_to_cart()
        self.assertEqual((cart.amount_untaxed, cart.pricelist_id), (80, self.vip_prices))
        self.place(self.acme, self.ordinary)
        self.assertEqual(self.price(), 100)
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual((cart.amount_untaxed, cart.pricelist_id), (95, self.standard))
        self.assertEqual(cart.payment_term_id, terms)

    def test_a_cart_with_a_picked_pricelist_keeps_it(self):
        self.sign_in(self.acme_user)
        self.pick(self.sale_prices)
        cart = self.add_to_cart()
        self.place(self.acme, self.important)
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual((cart.amount_untaxed, cart.pricelist_id), (50, self.sale_prices))
        self.assertFalse(cart.is_priced_by_former_tier)

    def test_a_cart_filled_before_signing_in_gets_the_standing_discount(self):
        self.vip.write({"pricelist_id": False, "discount": 0.05})
        self.authenticate(None, None)
        cart = self.add_to_cart()
        self.assertEqual(cart.amount_untaxed, 100)
        self.sign_in(self.acme_user)
        # A browser's session goes on when somebody signs in; that of the test is a new one.
        self.session[CART_SESSION_CACHE_KEY] = cart.id
        root.session_store.save(self.session)
        self.url_open("/shop/cart")
        self.env.invalidate_all()
        self.assertEqual(cart.partner_id, self.acme_user.partner_id)
        self.assertEqual(cart.amount_untaxed, 95)
