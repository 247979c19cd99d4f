from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .common import ConsignmentCase


class TestDoors(ConsignmentCase):
    """A consigned order is received as the vendor's stock; nothing of it is billed or valued.

    Each door is tried with the same order twice: as if it were not consigned, and as it is.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screws.sudo().purchase_method = "purchase"
        cls.agreement = cls.consign()

    def setUp(self):
        super().setUp()
        self.consigned = self.order_of(self.agreement)

    def receive_all(self):
        self.receive(self.consigned)
        return self.consigned.order_line

    def opened(self):
        """Let the order be as if its agreement were none of consignment."""
        self.consigned.sudo().vmi_is_consigned = False
        self.consigned.sudo().order_line._compute_qty_invoiced()
        self.env.flush_all()
        self.env.invalidate_all()
        return self.consigned

    def shut(self):
        self.consigned.sudo().vmi_is_consigned = True
        self.env.flush_all()
        self.env.invalidate_all()
        return self.consigned

    def test_what_arrives_is_the_vendor_s_and_worth_nothing(self):
        self.assertTrue(self.consigned.vmi_is_consigned)
        self.put_own(3)
        line = self.receive_all()
        self.assertEqual(line.qty_received, 120)
        self.assertEqual(self.stock_of(self.vendor), 120)
        self.assertEqual(self.stock_of(False), 3)
        self.assertEqual(self.value(), 30)
        self.assertEqual(self.screws.with_company(self.company).qty_available, 123)

    def test_owner_stays_through_back_orders_and_whoever_takes_it_off(self):
        self.receive(self.consigned, 50)
        rest = self.consigned.sudo().picking_ids.filtered(lambda picking: picking.state != "done")
        self.assertEqual(rest.owner_id, self.vendor)
        rest.owner_id = False
        self.receive(self.consigned)
        self.assertEqual(self.stock_of(self.vendor), 120)
        self.assertEqual(self.value(), 0)

    def test_a_larger_order_comes_in_as_the_vendor_s_too(self):
        self.receive_all()
        self.consigned.sudo().order_line.product_qty = 150
        self.receive(self.consigned)
        self.assertEqual(self.stock_of(self.vendor), 150)

    def test_in_several_steps(self):
        self.warehouse.sudo().reception_steps = "two_steps"
        self.consigned.sudo().button_cancel()
        self.consigned = self.order_of(self.agreement)
        self.receive(self.consigned)
        rest = self.admin["stock.picking"].search(
            [("company_id", "=", self.company.id), ("state", "=", "assigned")]
        )
        rest.move_ids.picked = True
        rest.button_validate()
        self.assertEqual(self.stock_of(self.vendor), 120)
        self.assertEqual(self.value(), 0)

    def test_what_goes_back_is_taken_from_the_vendor_s(self):
        self.receive_all()
        self.put_own(5)
        picking = self.consigned.sudo().picking_ids
        wizard = self.admin["stock.return.picking"].create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 20
        back = self.admin["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(self.stock_of(self.vendor), 100)
        self.assertEqual(self.stock_of(False), 5)
        self.assertEqual(self.value(), 50)

    def test_the_quantity_to_bill(self):
        line = self.receive_all()
        self.opened()
        self.assertEqual((line.qty_to_invoice, line.order_id.invoice_status), (120, "to invoice"))
        self.shut()
        self.assertEqual((line.qty_to_invoice, line.order_id.invoice_status), (0, "consigned"))
        with self.assertRaisesRegex(UserError, "is consigned: it is not billed"):
            self.consigned.sudo().action_create_invoice()

    def test_bill_matching(self):
        line = self.receive_all()
        lines = self.admin["purchase.bill.line.match"]
        self.opened()
        self.assertTrue(lines.search([("pol_id", "=", line.id)]))
        self.shut()
        self.assertFalse(lines.search([("pol_id", "=", line.id)]))

    def test_a_bill_of_the_same_total(self):
        self.receive_all()
        bill = self.admin["account.move"].create(
            {"move_type": "in_invoice", "company_id": self.company.id}
        )
        for references in ([self.consigned.name], []):
            with self.subTest(references=references):
                wanted = (references, self.vendor.id, self.consigned.amount_total, False, 10)
                self.opened()
                self.assertEqual(bill._match_purchase_orders(*wanted)[0], "total_match")
                self.shut()
                self.assertEqual(bill._match_purchase_orders(*wanted)[0], "no_match")

    def test_completing_a_bill_from_an_order(self):
        self.receive_all()
        orders = self.admin["purchase.bill.union"]
        self.opened()
        self.assertTrue(orders.search([("purchase_order_id", "=", self.consigned.id)]))
        self.shut()
        self.assertFalse(orders.search([("purchase_order_id", "=", self.consigned.id)]))
        bill = self.admin["account.move"].new({"move_type": "in_invoice"})
        bill.purchase_id = self.consigned
        with self.assertRaisesRegex(UserError, "is consigned"):
            bill._onchange_purchase_auto_complete()

    def test_a_line_linked_by_hand(self):
        line = self.receive_all()
        vals = {
            "move_type": "in_invoice",
            "partner_id": self.vendor.id,
            "company_id": self.company.id,
            "invoice_line_ids": [
                Command.create({"product_id": self.screws.id, "purchase_line_id": line.id})
            ],
        }
        with self.assertRaisesRegex((UserError, ValidationError), "is consigned"):
            self.admin["account.move"].create(vals)

    def test_accruals(self):
        line = self.receive_all()
        wizard = self.admin["account.accrued.orders.wizard"].with_context(
            active_model="purchase.order", active_ids=self.consigned.ids, active_id=line.order_id.id
        )
        account = self.admin["account.account"].search(
            [
                ("account_type", "=", "liability_current"),
                ("company_ids", "in", self.company.id),
            ],
            limit=1,
        )
        vals = {"company_id": self.company.id, "account_id": account.id}
        self.opened()
        self.assertEqual(line.amount_to_invoice_at_date, 240)
        self.shut()
        self.assertEqual(line.amount_to_invoice_at_date, 0)
        accrued = wizard.create({**vals, "date": self.company._vmi_today()})
        self.assertFalse(accrued._compute_move_vals()[0]["line_ids"])
        accrued.amount = 50
        with self.assertRaisesRegex(UserError, "is consigned"):
            accrued.create_entries()

    def test_goods_received_and_not_billed(self):
        self.receive_all()
        report = self.admin["stock_account.stock.valuation.report"].with_company(self.company)

        def orders():
            found = report._compute_goods_received_not_invoiced()["lines"]
            return [order["id"] for order in found]

        self.opened()
        self.assertIn(self.consigned.id, orders())
        self.shut()
        self.assertNotIn(self.consigned.id, orders())

    def test_what_was_bought(self):
        self.receive_all()
        bought = [("order_id", "=", self.consigned.id)]
        self.opened()
        self.assertTrue(self.admin["purchase.report"].search(bought))
        self.shut()
        self.assertFalse(self.admin["purchase.report"].search(bought))

    def test_an_order_to_another_vendor_is_not_consigned(self):
        order = self.order_of(self.consign((self.make_product("Nails", self.vendor), 1, 2)))
        order.sudo().button_cancel()
        order.sudo().button_draft()
        order.sudo().partner_id = self.make_vendor("Other")
        self.assertFalse(order.vmi_is_consigned)

    def test_what_was_agreed_stays(self):
        with self.assertRaisesRegex(UserError, "goes on belonging"):
            self.agreement.ownership = "buyer"
        self.assertIn("belongs to Acme Fasteners until", self.agreement._describe_start()[-1])

    def test_a_product_valued_by_lot_is_refused_with_the_reason(self):
        product = self.make_product("Serum", self.vendor)
        product.sudo().write({"tracking": "lot", "lot_valuated": True})
        with self.assertRaisesRegex(UserError, "Serum.*is valued by lot"):
            self.consign((product, 1, 2))
        self.make_agreement((product, 1, 2))

    def test_odoo_s_rate_of_deliveries_on_time_is_about_what_was_bought(self):
        late = fields.Datetime.now() - timedelta(days=5)
        bought = self.consigned.sudo().copy()
        bought.button_confirm()
        self.receive(bought)
        self.receive(self.consigned)
        self.consigned.sudo().order_line.date_planned = late
        vendor = self.vendor.sudo()
        vendor.invalidate_recordset(["on_time_rate"])
        self.assertEqual(vendor.on_time_rate, 100)
        bought.order_line.date_planned = late
        vendor.invalidate_recordset(["on_time_rate"])
        self.assertEqual(vendor.on_time_rate, 0)
