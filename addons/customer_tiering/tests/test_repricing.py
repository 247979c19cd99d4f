from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common_prices import PricingCase


class TestRepricing(PricingCase):
    """A quotation keeps its prices until somebody reprices it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.terms = cls.env["account.payment.term"].create({"name": "60 days"})
        cls.ordinary.write({"payment_term_id": cls.terms.id, "discount": 0.1})

    def prices(self, order):
        return (
            order.pricelist_id,
            order.payment_term_id,
            order.order_line.discount,
            order.amount_total,
        )

    def test_open_quotations_keep_theirs_and_new_ones_have_nothing_of_the_old(self):
        order = self.quote(self.acme)
        vip = (self.vip_prices, self.env["account.payment.term"], 0, 80)
        self.assertEqual(self.prices(order), vip)
        self.place(self.acme, self.ordinary)
        self.assertEqual(self.prices(order), vip)
        self.assertEqual(self.prices(self.quote(self.acme)), (self.standard, self.terms, 10, 90))

    def test_the_note_shows_while_the_tier_is_another(self):
        order = self.quote(self.buyer)
        self.assertFalse(order.is_priced_by_former_tier)
        self.place(self.acme, self.ordinary)
        self.assertTrue(order.is_priced_by_former_tier)
        self.assertEqual((order.quoted_tier_id, order.current_tier_id), (self.vip, self.ordinary))
        self.place(self.acme, self.vip)
        self.assertFalse(order.is_priced_by_former_tier)
        self.place(self.acme, False)
        self.assertTrue(order.is_priced_by_former_tier)

    def test_there_is_no_note_where_both_tiers_give_the_same(self):
        order = self.quote(self.newcomer)
        self.place(self.newcomer, self.important)
        self.assertFalse(order.is_priced_by_former_tier)

    def test_one_button_reprices(self):
        order = self.quote(self.acme)
        order.action_quotation_sent()
        self.place(self.acme, self.ordinary)
        order.action_reprice_for_tier()
        self.assertEqual(self.prices(order), (self.standard, self.terms, 10, 90))
        self.assertFalse(order.is_priced_by_former_tier)
        self.assertIn("recomputed", order.message_ids[0].body)
        self.place(self.acme, self.vip)
        order.action_reprice_for_tier()
        nothing = self.env["account.payment.term"]
        self.assertEqual(self.prices(order), (self.vip_prices, nothing, 0, 80))

    def test_into_another_currency(self):
        dollar = self.make_currency("USD", d20260101=2)
        dollars = self.make_prices("Dollars", percent=1, currency_id=dollar.id)
        dollars.item_ids.write({"compute_price": "fixed", "fixed_price": 130})
        self.important.pricelist_id = dollars
        order = self.quote(self.acme)
        self.place(self.acme, self.important)
        order.action_reprice_for_tier()
        self.assertEqual((order.currency_id, order.amount_total), (dollar, 130))

    def test_a_customers_own_pricelist_stays(self):
        self.acme.property_product_pricelist = self.standard
        order = self.quote(self.acme)
        self.place(self.acme, self.ordinary)
        order.action_reprice_for_tier()
        self.assertEqual(self.prices(order), (self.standard, self.terms, 10, 90))

    def test_confirmed_orders_keep_theirs(self):
        order = self.quote(self.acme)
        order.action_confirm()
        self.place(self.acme, self.ordinary)
        self.assertFalse(order.is_priced_by_former_tier)
        self.assertEqual(order.amount_total, 80)
        with self.assertRaisesRegex(UserError, "Only open quotations can be repriced"):
            order.action_reprice_for_tier()

    def test_a_copy_keeps_the_prices_and_shows_the_note(self):
        order = self.quote(self.acme)
        self.place(self.acme, self.ordinary)
        copy = order.copy()
        self.assertEqual(copy.pricelist_id, self.vip_prices)
        self.assertTrue(copy.is_priced_by_former_tier)

    def test_another_customer_is_another_tier(self):
        order = self.quote(self.acme)
        order.partner_id = self.newcomer
        self.assertFalse(order.quoted_tier_id)
        self.assertEqual(order.pricelist_id, self.standard)

    def test_another_customer_s_prices_are_offered_where_only_the_discount_differs(self):
        self.vip.write({"pricelist_id": False, "discount": 0.1})
        for former, customer, discount in (
            (self.acme, self.newcomer, 0),
            (self.newcomer, self.acme, 10),
        ):
            with self.subTest(customer=customer.name):
                order = self.quote(former)
                with Form(order) as form:
                    form.partner_id = customer
                    self.assertTrue(form.show_update_pricelist)
                order.action_update_prices()
                self.assertEqual(order.order_line.discount, discount)
        with Form(self.quote(self.newcomer)) as form:
            form.partner_id = self.make_customer("Another")
            self.assertFalse(form.show_update_pricelist)

    def test_who_sees_tiers_sees_both_on_the_form(self):
        seller = self.make_member("reprice_seller", "sales_team.group_sale_salesman_all_leads")
        order = self.quote(self.acme, user=seller)
        self.place(self.acme, self.ordinary)
        with Form(order) as form:
            self.assertTrue(form.is_priced_by_former_tier)
            self.assertEqual(form.quoted_tier_id, self.vip)
            self.assertEqual(form.current_tier_id, self.ordinary)
        order.action_reprice_for_tier()
        self.assertEqual(order.amount_total, 90)

    def test_who_may_not_edit_the_quotation_does_not_reprice_it(self):
        reader = self.make_member("reprice_reader", "customer_tiering.group_tiering_user")
        order = self.quote(self.acme)
        self.place(self.acme, self.ordinary)
        with self.assertRaises(AccessError):
            order.with_user(reader).action_reprice_for_tier()
        self.assertEqual(order.quoted_tier_id, self.vip)

    def test_an_evaluation_recomputes_no_quotation(self):
        self.judge_by_revenue()
        self.make_order(self.newcomer, 90, "2026-06-01")
        order = self.quote(self.newcomer)
        self.env.flush_all()
        computed = []
        orders = self.env.registry["sale.order"]
        for name in (
            "_compute_quoted_tier_id",
            "_compute_pricelist_id",
            "_compute_payment_term_id",
        ):
            recorder = patch.object(orders, name, lambda self, name=name: computed.append(name))
            self.startPatcher(recorder)
        self.policy.evaluate("2026-06-30")
        self.place(self.acme, self.potential)
        self.env.flush_all()
        self.assertFalse(computed)
        self.assertTrue(order.is_priced_by_former_tier)
