from odoo.addons.supply_partner_catalogue.tests.common import CatalogueCase
from odoo.exceptions import UserError


class TestAlternatives(CatalogueCase):
    """Every vendor of what a cart holds is asked, and the requests know each other."""

    def test_a_group_of_alternatives(self):
        self.add_seller(self.screws, self.bolt_works, price=9.0, company_id=self.company.id)
        cart = self.env["vendor.cart"].create({})
        cart._add(self.screws, 10)
        cart._add(self.nails, 5)
        self.assertTrue(cart.can_ask_several)
        cart.action_ask_several_vendors()
        orders = cart.purchase_order_ids
        self.assertEqual(len(orders.purchase_group_id), 1)
        by_vendor = {order.partner_id: order for order in orders}
        self.assertEqual(by_vendor[self.bolt_works].order_line.product_id, self.screws)
        self.assertEqual(by_vendor[self.vendor].order_line.product_id, self.screws | self.nails)
        self.assertEqual(by_vendor[self.bolt_works].alternative_po_ids, orders)

    def test_one_vendor_is_no_alternative(self):
        cart = self.env["vendor.cart"].create({})
        cart._add(self.nails, 5)
        self.assertFalse(cart.can_ask_several)
        with self.assertRaisesRegex(UserError, "Only one vendor"):
            cart.action_ask_several_vendors()
        self.assertEqual(cart.state, "draft")
