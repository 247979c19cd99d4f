from unittest.mock import patch

from odoo.tests import Form, new_test_user

from .common_prices import PricingCase


class TestTierTerms(PricingCase):
    """Payment terms and standing discounts of new quotations."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.sixty_days, cls.cash, cls.foreign = cls.env["account.payment.term"].create(
            [{"name": "60 days"}, {"name": "Cash"}, {"name": "South's"}]
        )
        cls.vip.write({"payment_term_id": cls.sixty_days.id, "discount": 0.05})

    def test_own_terms_then_the_tiers_then_none(self):
        self.assertEqual(self.quote(self.buyer).payment_term_id, self.sixty_days)
        self.assertFalse(self.quote(self.newcomer).payment_term_id)
        self.acme.property_payment_term_id = self.cash
        self.assertEqual(self.quote(self.acme).payment_term_id, self.cash)
        self.assertEqual(self.quote(self.buyer).payment_term_id, self.cash)

    def test_the_tiers_terms_come_before_the_default_of_all_customers(self):
        self.env["ir.default"].set(
            "res.partner", "property_payment_term_id", self.cash.id, company_id=self.company.id
        )
        self.assertEqual(self.quote(self.newcomer).payment_term_id, self.cash)
        self.assertEqual(self.quote(self.acme).payment_term_id, self.sixty_days)

    def test_foreign_and_archived_terms_are_passed_over(self):
        self.sixty_days.company_id = self.make_company("Southwind")
        self.assertFalse(self.quote(self.acme).payment_term_id)
        self.sixty_days.company_id = self.company
        branch = self.make_company("Northwind Ghent", parent=self.company)
        self.assertEqual(self.quote(self.acme, company=branch).payment_term_id, self.sixty_days)
        self.sixty_days.active = False
        self.assertFalse(self.quote(self.acme).payment_term_id)

    def test_the_standing_discount_is_one_of_the_line(self):
        self.vip.pricelist_id = False
        line = self.quote(self.acme).order_line
        self.assertEqual((line.price_unit, line.discount, line.price_subtotal), (100, 5, 95))
        self.assertFalse(self.quote(self.newcomer).order_line.discount)

    def test_it_is_not_added_to_what_the_pricelist_takes_off(self):
        order = self.quote(self.acme)
        self.assertEqual((order.order_line.discount, order.amount_total), (0, 80))
        # Shown as a discount of the line it is one all the more.
        self.turn_on("sale.group_discount_per_so_line")
        order = self.quote(self.acme)
        self.assertEqual((order.order_line.discount, order.amount_total), (20, 80))

    def test_it_applies_where_the_pricelist_gives_no_discount(self):
        rule = self.vip_prices.item_ids
        rule.write({"compute_price": "fixed", "fixed_price": 100})
        self.assertEqual(self.quote(self.acme).amount_total, 95)
        rule.fixed_price = 90
        self.assertEqual(self.quote(self.acme).amount_total, 90)
        rule.unlink()
        self.assertEqual(self.quote(self.acme).amount_total, 95)

    def test_what_is_no_product_of_the_customers_choice_has_none(self):
        self.vip.pricelist_id = False
        order = self.quote(self.acme)
        deposit = self.env["sale.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.copy().id,
                "is_downpayment": True,
                "price_unit": 10,
            }
        )
        note = self.env["sale.order.line"].create(
            {"order_id": order.id, "display_type": "line_note", "name": "Thank you"}
        )
        self.assertEqual((deposit.discount, note.discount), (0, 0))

    def test_it_follows_no_later_change_of_the_tier(self):
        self.vip.pricelist_id = False
        order = self.quote(self.acme)
        self.place(self.acme, self.ordinary)
        order.order_line.product_uom_qty = 2
        self.assertEqual((order.order_line.discount, order.amount_total), (5, 190))
        order.order_line.discount = 12
        order.order_line.product_uom_qty = 3
        self.assertEqual(order.order_line.discount, 12)

    def test_a_salespersons_form_shows_all_of_it(self):
        self.vip.pricelist_id = False
        self.turn_on("sale.group_discount_per_so_line")
        seller = self.make_member("terms_seller", "sales_team.group_sale_salesman_all_leads")
        with Form(self.env["sale.order"].with_user(seller)) as form:
            form.partner_id = self.acme
            self.assertEqual(form.current_tier_id, self.vip)
            self.assertEqual(form.payment_term_id, self.sixty_days)
            with form.order_line.new() as line:
                line.product_id = self.product
                self.assertEqual(line.discount, 5)
        self.assertFalse(form.save().is_priced_by_former_tier)

    def test_confirming_an_order_with_all_of_it_costs_two_queries_more_at_most(self):
        def confirm():
            order = self.quote(self.acme)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            order.action_confirm()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        confirm()  # warms up access rights
        ours = confirm()
        nothing = patch.object(
            self.registry["customer.standing"], "_get_held_tiers", lambda *arguments: {}
        )
        stamp = patch.object(self.registry["sale.order"], "_stamp_customer_tier", lambda self: None)
        with nothing, stamp:
            self.assertLessEqual(ours - confirm(), 2)

    def test_a_discount_is_told_where_its_column_is_hidden(self):
        self.turn_off("sale.group_discount_per_so_line")
        self.vip.write({"pricelist_id": False, "discount": 0.05})
        order = self.quote(self.acme)
        self.assertEqual((order.order_line.price_unit, order.amount_untaxed), (100, 95))
        self.assertEqual(order.tier_discount_note, "5 % tier discount: −5.00\xa0€")
        self.assertFalse(self.quote(self.newcomer).tier_discount_note)
        self.turn_on("sale.group_discount_per_so_line")
        order.invalidate_recordset(["tier_discount_note"])
        self.assertFalse(order.tier_discount_note, "The column shows it.")

    def test_the_discount_is_told_in_the_order_s_currency(self):
        self.turn_off("sale.group_discount_per_so_line")
        dollar = self.make_currency("USD", d20200101=2)
        self.vip.write({"pricelist_id": self.make_pricelist(dollar).id, "discount": 0.05})
        order = self.quote(self.acme)
        self.assertEqual(order.currency_id, dollar)
        line = order.order_line
        amount = line.price_unit * 0.05
        self.assertEqual(
            order.tier_discount_note.replace("\xa0", ""), f"5 % tier discount: −${amount:,.2f}"
        )

    def test_a_discount_that_somebody_gave_is_not_the_tier_s(self):
        self.turn_off("sale.group_discount_per_so_line")
        self.vip.write({"pricelist_id": False, "discount": 0.05})
        order = self.quote(self.acme)
        order.order_line.copy({"order_id": order.id, "discount": 40})
        self.assertEqual(order.tier_discount_note, "5 % tier discount: −5.00\xa0€")
        order.order_line.discount = 40
        self.assertFalse(order.tier_discount_note)

    def test_the_customer_reads_the_discount_on_paper_and_on_line(self):
        self.vip.write({"pricelist_id": False, "discount": 0.05})
        order = self.quote(self.acme)
        buyer = new_test_user(
            self.env, "reading_buyer", "base.group_portal", partner_id=self.acme.id
        )
        qweb = self.env["ir.qweb"]
        paper, _kind = self.env["ir.actions.report"]._render_qweb_html(
            "sale.action_report_saleorder", order.ids
        )
        on_line = qweb.with_user(buyer)._render(
            "sale.sale_order_portal_content_totals_table",
            {"sale_order": order.with_user(buyer).sudo()},
        )
        for page in (paper.decode(), on_line):
            self.assertIn("5 % tier discount: −5.00", page.replace("\xa0", " "))
            self.assertNotIn("VIP", page)
