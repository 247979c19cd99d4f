from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import TieringCase


class TestSaleOrders(TieringCase):
    """An order keeps the tier that its customer held when it was confirmed."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.acme, cls.bolt, cls.newcomer = map(cls.make_customer, ("Acme", "Bolt", "Newcomer"))
        cls.first_order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 65, "2026-06-01")
        cls.policy.evaluate("2026-06-30")

    def draft(self, partner, amount=1):
        return self.make_order(partner, amount, "2026-07-01", confirm=False)

    def test_orders_confirmed_together_get_each_customers_tier(self):
        buyer = self.env["res.partner"].create({"name": "Buyer", "parent_id": self.acme.id})
        orders = self.draft(buyer) | self.draft(self.bolt) | self.draft(self.newcomer)
        self.assertFalse(orders.customer_tier_id)
        orders.action_confirm()
        self.assertEqual(
            [order.customer_tier_id for order in orders],
            [self.vip, self.important, self.env["customer.tier"]],
        )

    def test_a_later_move_changes_no_order(self):
        order = self.draft(self.bolt, 30)
        order.action_confirm()
        order.date_order = "2026-07-01"
        self.policy.evaluate("2026-07-02")
        self.assertEqual(self.standing(self.bolt).tier_id, self.vip)
        self.assertEqual(order.customer_tier_id, self.important)
        self.assertFalse(self.first_order.customer_tier_id)

    def test_an_order_confirmed_again_gets_the_tier_of_that_day(self):
        order = self.draft(self.acme)
        order.action_confirm()
        order._action_cancel()
        order.action_draft()
        self.first_order._action_cancel()
        self.make_order(self.acme, 10, "2026-06-02")
        self.policy.evaluate("2026-07-02")
        order.action_confirm()
        self.assertEqual(order.customer_tier_id, self.potential)
        self.assertFalse(order.copy().customer_tier_id)

    def test_each_company_has_its_own_tier_and_a_branch_that_of_its_root(self):
        south = self.make_company("Southwind")
        branch = self.make_company("Northwind Ghent", parent=self.company)
        self.judge_by_revenue(self.policy_of(south))
        self.make_order(self.acme, 45, "2026-06-01", company=south)
        self.policy_of(south).evaluate("2026-06-30")
        for company, code in ((south, "ordinary"), (branch, "vip")):
            order = self.make_order(self.acme, 1, "2026-07-01", company=company)
            self.assertEqual(order.customer_tier_id.code, code, company.name)

    def test_confirming_many_orders_costs_two_queries_at_most(self):
        def confirm(orders):
            orders.invalidate_recordset()
            before = self.cr.sql_log_count
            orders.action_confirm()
            self.env.flush_all()
            return self.cr.sql_log_count - before

        def drafts():
            orders = self.draft(self.acme) | self.draft(self.bolt) | self.draft(self.newcomer)
            self.env.flush_all()
            return orders

        confirm(drafts())
        with patch.object(self.registry["sale.order"], "_stamp_customer_tier", lambda self: None):
            plain = confirm(drafts())
        self.assertLessEqual(confirm(drafts()) - plain, 2)

    def test_the_sales_analysis_is_grouped_by_the_tier_at_the_time(self):
        for partner, amount in ((self.acme, 10), (self.acme, 20), (self.bolt, 5)):
            self.draft(partner, amount).action_confirm()
        salesperson = self.make_member("stamp_seller", "sales_team.group_sale_salesman_all_leads")
        groups = (
            self.env["sale.report"]
            .with_user(salesperson)
            ._read_group(
                [("company_id", "=", self.company.id)],
                ["customer_tier_id"],
                ["price_subtotal:sum"],
            )
        )
        self.assertEqual(
            {tier.code: amount for tier, amount in groups},
            {"vip": 30, "important": 5, False: 155},
        )

    def test_who_may_not_see_tiers_confirms_all_the_same(self):
        tiering = self.env.ref("customer_tiering.group_tiering_user")
        self.env.ref("sales_team.group_sale_salesman").implied_ids -= tiering
        seller = self.make_member("stamp_blind", "sales_team.group_sale_salesman_all_leads")
        order = self.draft(self.acme).with_user(seller)
        order.action_confirm()
        self.env.flush_all()
        self.assertEqual(order.sudo().customer_tier_id, self.vip)
        self.assertEqual(order.write_uid, seller)
        with self.assertRaises(AccessError):
            order.read(["customer_tier_id"])
        for model in ("sale.order", "sale.report"):
            records = self.env[model].with_user(seller)
            with self.assertRaises(AccessError):
                records.search([("customer_tier_id", "=", self.vip.id)])
            with self.assertRaises(AccessError):
                records._read_group([], ["customer_tier_id"])

    def test_who_sells_sends_confirms_and_cancels(self):
        """What becomes of an order is noted whoever does it, and written by nobody."""
        seller = self.make_member("sends_and_sells", "sales_team.group_sale_salesman_all_leads")
        order = self.draft(self.acme).with_user(seller)
        order.action_quotation_sent()
        order.action_confirm()
        self.assertTrue(order.was_sent)
        order._action_cancel()
        order.action_draft()
        self.assertTrue(order.was_confirmed)
        with self.assertRaises(AccessError):
            order.was_confirmed = False

    def test_a_customer_who_signs_in_the_portal_gets_the_stamp_and_does_not_see_it(self):
        portal = new_test_user(
            self.env,
            "stamp_portal",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        portal.partner_id.parent_id = self.acme
        order = self.draft(portal.partner_id)
        order.message_subscribe(portal.partner_id.ids)
        order.with_user(portal).sudo()._validate_order()
        self.assertEqual(order.customer_tier_id, self.vip)
        with self.assertRaises(AccessError):
            order.with_user(portal).read(["customer_tier_id"])

    def test_a_tier_that_an_order_names_is_archived_and_not_deleted(self):
        self.draft(self.acme).action_confirm()
        self.env["customer.standing"].search([("tier_id", "=", self.vip.id)]).sudo().unlink()
        with self.assertRaisesRegex(UserError, "archive it instead"):
            self.vip.unlink()
