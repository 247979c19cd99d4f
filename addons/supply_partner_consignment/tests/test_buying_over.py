from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from .common import ConsignmentCase


class TestBuyingOver(ConsignmentCase):
    """Stock that becomes the company's own where it lies, at a price, and is billed as ordered."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign()

    def buy_over(self, quantity=None, **vals):
        """Return the order by which units are bought over."""
        if quantity is not None:
            vals["quantity"] = quantity
        wizard = self.env["vmi.consignment.purchase"].create(
            {
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "product_id": self.screws.id,
                **vals,
            }
        )
        action = wizard.action_buy()
        return self.env["purchase.order"].browse(action["res_id"])

    def test_it_becomes_own_stock_at_the_vendor_s_price_and_is_billed(self):
        self.bring(20)
        order = self.buy_over(8)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (8, 12))
        self.assertEqual(self.value(), 16)
        self.assertEqual(order.order_line.qty_received, 8)
        self.assertEqual((order.invoice_status, order.amount_untaxed), ("to invoice", 16))
        self.assertFalse(order.sudo().picking_ids)
        order.sudo().action_create_invoice()
        bill = order.sudo().invoice_ids
        bill.invoice_date = self.company._vmi_today()
        bill.action_post()
        accounts = self.screws.sudo().with_company(self.company)._get_product_accounts()
        self.assertEqual(bill.invoice_line_ids.account_id, accounts["stock_valuation"])
        self.assertEqual(self.value(), 16)
        self.assertEqual(self.book(), {"receipt": 20, "bought_over": -8})
        with self.assertRaisesRegex(UserError, "Nothing that was used"):
            self.settle()

    def test_all_of_it_at_another_price_from_several_locations(self):
        shelf = self.admin["stock.location"].create({"name": "Shelf", "location_id": self.stock.id})
        self.bring(20)
        self.done(5, self.stock, shelf)
        order = self.buy_over(unit_price=3)
        self.assertEqual(order.amount_untaxed, 60)
        self.assertEqual(self.stock_of(False, place=shelf), 5)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (20, 0))
        self.assertEqual(self.value(), 60)

    def test_nobody_is_paid_for_buying(self):
        self.bring(20)
        with self.assertRaisesRegex(UserError, "0 or more"):
            self.buy_over(8, unit_price=-3)
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (0, 20))

    def test_a_lot_keeps_its_name(self):
        self.screws.sudo().tracking = "lot"
        lot = self.admin["stock.lot"].create({"name": "A", "product_id": self.screws.id})
        self.bring(5, lot=lot)
        with self.assertRaisesRegex(UserError, "has 0 here"):
            self.buy_over(1)
        stock = self.env["vmi.consignment.stock"].search([("partner_id", "=", self.vendor.id)])
        action = stock.action_buy_over()
        wizard = self.env[action["res_model"]].with_context(**action["context"]).create({})
        self.assertEqual((wizard.quantity, wizard.unit_price), (5, 2))
        wizard.action_buy()
        quant = (
            self.admin["stock.quant"]
            .search([("lot_id", "=", lot.id), ("location_id", "=", self.stock.id)])
            .filtered("quantity")
        )
        self.assertEqual((quant.quantity, quant.owner_id.ids), (5, []))

    def test_more_than_there_is_is_refused(self):
        self.bring(5)
        for quantity in (6, 0, -1):
            with self.assertRaisesRegex(UserError, "has 5 here of Screws"):
                self.buy_over(quantity)

    def test_who_may_not_approve_it_does_not_buy_it(self):
        self.company.sudo().write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 5}
        )
        self.bring(5)
        with self.assertRaisesRegex(UserError, "above what you may approve"):
            self.buy_over()
        self.assertEqual(self.stock_of(self.vendor), 5)

    def test_others_do_not(self):
        user = self.make_buyer("consignment clerk", self.company, "stock.group_stock_user")
        with self.assertRaises(AccessError):
            self.env["vmi.consignment.purchase"].with_user(user).create({})

    def test_it_is_no_receipt_no_demand_and_no_supply(self):
        line = self.agreement.line_ids
        self.bring(100, days=60)
        self.dated(self.sell(30), 5)
        line._measure()
        before = (line.daily_demand, line.lead_days, line.on_hand_qty)
        self.assertTrue(before[0])
        order = self.buy_over(8)
        moves = self.admin["stock.move"].search([("origin", "=", order.name)])
        for move in moves:
            self.dated(move, 3)
        order.sudo().date_approve -= timedelta(days=40)
        line._measure()
        self.assertEqual((line.daily_demand, line.lead_days, line.on_hand_qty), before)
        conditions = line.sudo()._get_conditions(self.company)
        self.env.flush_all()
        found = self.env.execute_query(
            SQL(
                "SELECT move.id FROM stock_move move WHERE move.id = ANY(%s) AND %s",
                moves.ids,
                conditions.moved,
            )
        )
        self.assertFalse(found)
