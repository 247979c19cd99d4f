from datetime import timedelta

from odoo import fields
from odoo.fields import Command

from .common import ConsignmentCase


class TestValuation(ConsignmentCase):
    """Stock of vendors is worth nothing in the company's books, whatever happens to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign()

    def by(self, method):
        self.category.with_company(self.company).property_cost_method = method

    def test_own_units_alone_are_valued_by_each_method(self):
        for method in ("standard", "average", "fifo"):
            with self.subTest(method=method):
                self.by(method)
                product = self.make_product(f"Screws {method}", self.vendor)
                product.sudo().categ_id = self.category
                product.sudo().with_company(self.company).standard_price = 10
                self.put_own(3, product)
                self.bring(5, product)
                self.assertEqual(self.value(product), 30)
                self.sell(4, product=product)
                self.assertEqual(self.value(product), 0)
                self.assertEqual(self.stock_of(self.vendor, product), 4)

    def test_the_values_of_stock_by_location_add_up(self):
        self.put_own(3)
        self.bring(5)
        quants = self.admin["stock.quant"].search(
            [("product_id", "=", self.screws.id), ("location_id", "=", self.stock.id)]
        )
        self.assertEqual(
            {quant.owner_id.name: quant.value for quant in quants},
            {False: 30, "Acme Fasteners": 0},
        )

    def test_a_past_value_leaves_vendors_out_too(self):
        moment = fields.Datetime.now() - timedelta(days=5)
        self.dated(self.put_own(3), 9)
        self.bring(5, days=2)
        past = self.screws.sudo().with_company(self.company).with_context(to_date=moment)
        self.assertEqual(past.total_value, 30)
        self.dated(self.sell(4), 1)
        past.invalidate_recordset()
        self.assertEqual(past.total_value, 30)
        self.assertEqual(self.value(), 0)

    def test_of_a_mixed_delivery_the_own_units_alone_cost(self):
        self.put_own(3)
        self.bring(5)
        move = self.sell(5)
        self.assertEqual(move._get_cogs_price_unit(5) * 5, 30)
        self.assertEqual(self.sell(3)._get_cogs_price_unit(3), 0)

    def balance(self):
        """Return what stands on the account of the value of the stock."""
        account = self.screws.sudo().with_company(self.company)._get_product_accounts()
        lines = self.admin["account.move.line"].search(
            [
                ("account_id", "=", account["stock_valuation"].id),
                ("company_id", "=", self.company.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return sum(lines.mapped("balance"))

    def buy(self, quantity):
        """Buy own units at 10.00, and post the bill."""
        bought = self.admin["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.screws.id, "product_qty": quantity, "price_unit": 10}
                    )
                ],
            }
        )
        bought.button_confirm()
        self.receive(bought)
        bought.action_create_invoice()
        bought.invoice_ids.invoice_date = self.company._vmi_today()
        bought.invoice_ids.action_post()

    def sell_and_invoice(self, quantity):
        """Return the order by which units were delivered and invoiced."""
        self.screws.sudo().invoice_policy = "delivery"
        sold = (
            self.admin["sale.order"]
            .with_company(self.company)
            .create(
                {
                    "partner_id": self.make_vendor("Customer").id,
                    "company_id": self.company.id,
                    "order_line": [
                        Command.create({"product_id": self.screws.id, "product_uom_qty": quantity})
                    ],
                }
            )
        )
        sold.action_confirm()
        sold.picking_ids.move_ids.write({"quantity": quantity, "picked": True})
        sold.picking_ids.button_validate()
        sold._create_invoices().action_post()
        return sold

    def test_the_valuation_account_equals_the_stock_of_own_units(self):
        if "sale.order" not in self.env:
            self.skipTest("Sales is not installed.")
        self.buy(3)
        self.assertEqual((self.balance(), self.value()), (30, 30))
        self.bring(5)
        self.assertEqual((self.balance(), self.value()), (30, 30))
        self.sell_and_invoice(5)
        self.assertEqual((self.balance(), self.value()), (0, 0))
        settlement = self.settle()
        settlement.action_bill()
        bill = settlement.sudo().bill_ids
        bill.write({"ref": "F-1", "invoice_date": self.company._vmi_today()})
        bill.action_post()
        self.assertEqual((self.balance(), self.value()), (0, 0))

    def test_a_credit_note_for_a_part_takes_back_what_came_back(self):
        if "sale.order" not in self.env:
            self.skipTest("Sales is not installed.")
        self.buy(3)
        self.bring(5)
        sold = self.sell_and_invoice(5)
        for quantity, worth in ((2, 20), (2, 30), (1, 30)):
            picking = sold.picking_ids.filtered(lambda one: one.picking_type_code == "outgoing")[:1]
            wizard = (
                self.admin["stock.return.picking"]
                .with_context(active_id=picking.id, active_model="stock.picking")
                .create({"picking_id": picking.id})
            )
            wizard.product_return_moves.quantity = quantity
            back = wizard._create_return()
            back.move_ids.picked = True
            back.button_validate()
            note = sold._create_invoices(final=True)
            self.assertEqual(
                (note.move_type, note.invoice_line_ids.quantity), ("out_refund", quantity)
            )
            note.action_post()
            self.assertEqual((self.balance(), self.value()), (worth, worth))

    def test_an_owner_that_is_changed_afterwards_changes_the_value(self):
        self.put_own(3)
        self.bring(5)
        move = self.sell(2)
        self.assertEqual(self.value(), 10)
        move.move_line_ids.owner_id = self.vendor
        self.assertEqual((self.stock_of(False), self.stock_of(self.vendor)), (3, 3))
        self.assertEqual(self.value(), 30)
        self.assertFalse(move.is_out)
        move.move_line_ids.owner_id = False
        self.assertEqual(self.value(), 10)
        self.assertTrue(move.is_out)
