from datetime import date

from dateutil.relativedelta import relativedelta

from odoo import fields
from odoo.addons.customer_tiering.metrics import SOURCES
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import mute_logger

from .common import PosCase


class TestPosOrders(PosCase):
    """On the basis of orders: point-of-sale orders beside sale orders."""

    def test_sale_orders_and_shop_orders_add_up(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.make_order(self.acme, 10, "2026-04-01")
        self.sell(20, "2026-05-01", tax=self.tax)
        self.sell(30, "2026-05-02", partner=buyer)
        self.sell(500, "2025-06-30")
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (60, 3))
        self.assertEqual(standing.last_order_date, date(2026, 5, 2))

    def test_who_only_bought_in_the_shop_is_a_customer(self):
        self.sell(20, "2026-05-01")
        self.assertEqual(self.evaluate().tier_id, self.potential)
        self.assertEqual(self.standing(self.acme).lifecycle, "new")
        self.assertEqual(self.figure("recency_days"), 60)
        self.assertEqual(self.figure("tenure_days"), 60)
        self.assertEqual(self.figure("average_order"), 20)

    def test_an_invoiced_order_counts_once(self):
        order = self.sell(20, "2026-05-01", tax=self.tax)
        self.invoice_at_the_till(order, "2026-05-01")
        self.assertEqual(order.account_move.amount_untaxed, 20)
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (20, 1))

    def test_a_return_takes_its_amount_off_and_is_no_order(self):
        order = self.sell(20, "2026-03-01", tax=self.tax)
        self.sell(50, "2026-04-01")
        refund = self.take_back(order, "2026-06-01")
        self.assertEqual(refund.amount_total, -25)
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (50, 2))
        self.assertEqual(standing.last_order_date, date(2026, 4, 1))
        self.assertAlmostEqual(self.figure("active_months"), 2 / 12)

    def test_a_return_without_its_order_makes_no_order(self):
        self.make_order(self.acme, 70, "2026-04-01")
        self.sell(20, "2026-05-01", qty=-1)
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (50, 1))
        self.assertEqual(standing.last_order_date, date(2026, 4, 1))

    def test_orders_that_are_not_paid_or_have_no_customer_do_not_count(self):
        self.sell(20, "2026-05-01", pay=False)
        self.sell(20, "2026-05-01", pay=False).action_pos_order_cancel()
        self.sell(20, "2026-05-01", partner=self.env["res.partner"])
        self.assertEqual(self.policy.evaluate("2026-06-30").customer_count, 0)

    def test_orders_of_a_closed_session_count(self):
        order = self.sell(20, "2026-05-01")
        self.shop.current_session_id.action_pos_session_closing_control()
        self.assertEqual(order.state, "done")
        self.assertEqual(self.evaluate().revenue, 20)

    def test_growth_compares_two_periods(self):
        for amount, day in ((500, "2024-06-30"), (30, "2024-07-01"), (90, "2025-07-01")):
            self.sell(amount, day)
        self.assertEqual(self.figure("growth"), 0.5)

    def test_quote_acceptance_is_of_quotations_alone(self):
        self.make_order(self.acme, 10, "2026-05-01")
        quotation = self.make_order(self.acme, 10, "2026-05-01", confirm=False)
        quotation.action_quotation_sent()
        quotation._action_cancel()
        self.sell(20, "2026-05-01")
        self.assertEqual(self.figure("quote_acceptance"), 0.5)

    def test_quote_acceptance_is_missing_without_a_quotation(self):
        self.sell(20, "2026-05-01")
        self.assertIsNone(self.figure("quote_acceptance"))

    def test_another_currency_is_converted_at_the_orders_rate(self):
        shop = self.make_shop(currency=self.make_currency("USD", d20260101=3))
        for _number in range(2):
            order = self.sell(100, "2026-05-01", shop=shop)
        self.assertEqual(order.currency_id.name, "USD")
        self.assertEqual(self.evaluate().revenue, 66.66)

    def test_the_shop_of_a_branch_counts_for_its_root(self):
        branch = self.make_company("Northwind Antwerp", parent=self.company)
        order = self.sell(20, "2026-05-01", shop=self.make_shop(branch))
        self.assertEqual(order.company_id, branch)
        self.assertEqual(self.evaluate().revenue, 20)

    def test_another_companys_shop_does_not_count(self):
        south = self.policy_of(self.make_company("Southwind"))
        self.sell(20, "2026-05-01")
        self.assertEqual(south.evaluate("2026-06-30").customer_count, 0)

    def test_the_day_is_the_companys(self):
        self.company.resource_calendar_id.tz = "Asia/Shanghai"
        # 23:30 on the last day, and 00:30 on the day after it.
        self.sell(1, "2026-06-30 15:30:00")
        self.sell(2, "2026-06-30 16:30:00")
        # 23:30 on the day before the period, and 00:30 on its first day.
        self.sell(4, "2025-06-30 15:30:00")
        self.sell(8, "2025-06-30 16:30:00")
        standing = self.evaluate()
        self.assertEqual((standing.revenue, standing.order_count), (9, 2))
        self.assertEqual(standing.last_order_date, date(2026, 6, 30))

    def test_a_second_run_changes_nothing(self):
        self.sell(20, "2026-05-01")
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.policy.evaluate("2026-06-30").changed_count, 0)

    def test_the_shops_first_sale_begins_the_history(self):
        self.policy.minimum_history_days = 30
        self.sell(20, "2026-06-01")
        self.assertEqual(self.policy.evaluate("2026-06-30").state, "skipped")
        self.sell(20, "2026-05-31")
        self.assertEqual(self.policy.evaluate("2026-06-30").state, "done")

    def test_the_first_order_may_be_one_in_the_shop(self):
        today = self.policy._get_today()
        self.sell(20, f"{today - relativedelta(years=1)}")
        self.env.flush_all()
        query = SOURCES["orders"].first_orders_query(self.policy._prepare_scope(today))
        days = dict(self.env.execute_query(query))
        self.assertEqual(days[self.acme.id], today - relativedelta(years=1))

    def test_a_contact_who_changes_employer_leaves_what_was_bought(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        self.sell(30, "2026-05-02", partner=buyer)
        buyer.parent_id = self.make_customer("Bolt")
        self.assertEqual(self.evaluate().revenue, 30)
        self.policy.amount_basis = "invoiced"
        self.assertEqual(self.evaluate().revenue, 30)

    def test_what_comes_back_is_taken_off_whom_it_was_sold_to(self):
        bolt = self.make_customer("Bolt")
        anna = self.env["res.partner"].create({"name": "Anna", "parent_id": self.acme.id})
        order = self.sell(40, "2026-05-01", partner=anna)
        anna.parent_id = bolt
        refund = self.take_back(order, "2026-06-01")
        self.assertEqual((order | refund).made_for_id, self.acme)
        self.policy.evaluate("2026-06-30")
        self.assertEqual(self.standing(self.acme).revenue, 0)
        self.assertFalse(self.standing(bolt).revenue)

    def test_what_was_paid_at_the_till_is_money(self):
        order = self.sell(20, "2026-05-01")
        self.invoice_at_the_till(order, "2026-05-01")
        due = order.account_move.line_ids.filtered("date_maturity")
        due.date_maturity = fields.Date.subtract(order.account_move.date, days=3)
        self.policy.evaluate(self.policy._get_today())
        self.policy.criterion_ids = [
            Command.clear(),
            Command.create({"metric": "payment_delay_days", "scale": "linear", "cap": 1}),
        ]
        paid_on = order.payment_ids.account_move_id.date
        self.policy.evaluate(max(paid_on, self.policy._get_today()) + relativedelta(days=9))
        figure = self.standing(self.acme).components[0]["figure"]
        self.assertEqual(figure, (paid_on - due.date_maturity).days)

    def test_an_amount_that_is_too_large_is_named(self):
        order = self.sell(20, "2026-05-01")
        order.amount_total = 10**17
        with mute_logger("odoo.sql_db"), self.assertRaisesRegex(UserError, "100,000,000,000"):
            self.evaluate()
