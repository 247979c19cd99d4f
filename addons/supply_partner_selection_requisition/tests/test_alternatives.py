from odoo.addons.supply_partner_selection.tests.common import SelectionCase
from odoo.exceptions import UserError
from odoo.fields import Command


class TestAlternatives(SelectionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls.make_bid(cls.mills[0], 3)
        cls.second = cls.make_bid(cls.mills[1], 2.5)
        bids = cls.first + cls.second
        cls.env["purchase.order.group"].create({"order_ids": [Command.set(bids.ids)]})

    @classmethod
    def make_bid(cls, vendor, price):
        line = {"product_id": cls.screws.id, "product_qty": 10, "price_unit": price}
        return cls.env["purchase.order"].create(
            {"partner_id": vendor.id, "order_line": [Command.create(line)]}
        )

    def choose(self, selection, place):
        selection.criterion_ids = [Command.create(self.figure("Quality"))]
        selection.action_start_judging()
        selection.figure_ids.value = 50
        selection._choose(selection.candidate_ids[place], "As agreed")

    def test_any_of_the_alternatives_brings_all(self):
        action = self.second.action_select_vendor()
        selection = self.env["vendor.selection"].browse(action["res_id"])
        self.assertEqual(selection.candidate_ids.purchase_order_id, self.first + self.second)
        self.assertEqual(self.first.action_select_vendor()["res_id"], selection.id)

    def test_a_bid_that_is_asked_for_is_an_alternative(self):
        action = self.first.action_select_vendor()
        selection = self.env["vendor.selection"].browse(action["res_id"])
        selection.candidate_ids = [Command.create({"partner_id": self.mills[2].id})]
        selection.action_invite()
        self.assertEqual(len(self.first.alternative_po_ids), 3)
        self.assertIn(self.mills[2], self.first.alternative_po_ids.partner_id)

    def test_it_ends_in_a_blanket_order_at_the_prices_of_the_bid(self):
        action = self.first.action_select_vendor()
        selection = self.env["vendor.selection"].browse(action["res_id"])
        chosen = selection.candidate_ids.filtered(
            lambda candidate: candidate.purchase_order_id == self.second
        )
        self.choose(selection, selection.candidate_ids.ids.index(chosen.id))
        action = selection.action_create_blanket_order()
        blanket = self.env["purchase.requisition"].browse(action["res_id"])
        self.assertEqual(blanket.vendor_id, self.mills[1])
        self.assertEqual(blanket.line_ids.price_unit, 2.5)
        self.assertEqual(selection.state, "agreed")
        self.assertEqual(selection.action_create_blanket_order()["res_id"], blanket.id)

    def test_without_products_there_is_no_blanket_order(self):
        selection = self.make_selection(criteria=())
        self.choose(selection, 0)
        with self.assertRaisesRegex(UserError, "has no bid"):
            selection.action_create_blanket_order()
