from datetime import datetime, timedelta

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command


class TestAlternatives(VmiCase):
    """Of alternative requests for quotation one only will come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nails = cls.make_product("Nails", cls.vendor)
        cls.agreement = cls.make_agreement((cls.screws, 60, 120), (cls.nails, 60, 120))

    def ask(self, *orders):
        """Return alternatives, each of {product: quantity}."""
        made = self.env["purchase.order"].create(
            [
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {"product_id": product.id, "product_qty": quantity, "price_unit": 1}
                        )
                        for product, quantity in order.items()
                    ],
                }
                for order in orders
            ]
        )
        self.env["purchase.order.group"].sudo().create({"order_ids": [Command.set(made.ids)]})
        return made

    def ask_screws(self, *quantities):
        return self.ask(*({self.screws: quantity} for quantity in quantities))

    def confirm(self, order):
        order.with_context(skip_alternative_check=True).button_confirm()

    def parts(self, product=None):
        line = self.agreement.line_ids.filtered(
            lambda line: line.product_id == (product or self.screws)
        )
        line._measure()
        return line.rfq_qty, line.incoming_qty, line.position_qty

    def test_three_of_40_count_40(self):
        self.ask_screws(40, 40, 40)
        self.assertEqual(self.parts(), (40, 0, 40))

    def test_the_largest_counts_and_the_sentence_says_it(self):
        self.ask_screws(40, 50, 30)
        proposed = self.agreement.review().line_ids.filtered(
            lambda line: line.product_id == self.screws
        )
        self.assertEqual((proposed.rfq_qty, proposed.suggested_qty), (50, 70))
        self.assertIn("+ 50 in RFQs", proposed.explanation)

    def test_40_60_and_50_count_60_in_any_unit(self):
        orders = self.ask_screws(40, 5, 50)
        dozen = self.env.ref("uom.product_uom_dozen")
        orders[1].order_line.product_uom_id = dozen
        orders[1].order_line.product_qty = 5
        self.assertEqual(self.parts(), (60, 0, 60))

    def test_the_confirmed_one_counts_alone(self):
        orders = self.ask_screws(40, 60, 50)
        self.confirm(orders[0])
        self.assertEqual(self.parts(), (0, 40, 40))
        self.receive(orders[0])
        self.assertEqual(self.parts(), (0, 0, 40))

    def test_after_the_confirmed_one_is_cancelled_the_others_count_again(self):
        orders = self.ask_screws(40, 60, 50)
        self.confirm(orders[0])
        orders[0].button_cancel()
        self.assertEqual(self.parts(), (60, 0, 60))

    def test_groups_and_single_requests_add_up(self):
        self.ask_screws(40, 60)
        self.ask_screws(10, 20)
        self.ask_screws(7).purchase_group_id = False
        self.assertEqual(self.parts(), (87, 0, 87))

    def test_a_group_and_an_order_of_the_same_id_add_up(self):
        single = self.ask_screws(70)
        single.purchase_group_id = False
        alternatives = self.ask_screws(40, 60)
        self.env.cr.execute("INSERT INTO purchase_order_group (id) VALUES (%s)", single.ids)
        group = self.env["purchase.order.group"].sudo().browse(single.id)
        group.order_ids = alternatives
        self.assertEqual(alternatives.purchase_group_id.id, single.id)
        self.assertEqual(self.parts(), (130, 0, 130))

    def test_alternatives_for_a_demand_count_once_and_where_it_does(self):
        delivery = self.move(self.screws, 40, self.stock, self.customers, days=30)
        orders = self.ask_screws(40, 40, 50)
        orders.sudo().order_line.move_dest_ids = delivery
        # Each would serve it; the largest brings 10 besides.
        self.assertEqual(self.parts(), (10, 0, 10))
        delivery.date = datetime.now() + timedelta(days=1)
        self.assertEqual(self.parts(), (50, 0, 10))

    def test_alternatives_of_another_company_are_its_own(self):
        self.ask_screws(40, 60)
        south = self.make_company("Southwind")
        buyer = self.make_buyer("vmi south", south)
        orders = self.env(user=buyer, context={"allowed_company_ids": south.ids})["purchase.order"]
        orders.create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse_of(south).sudo().in_type_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.screws.id, "product_qty": 90, "price_unit": 1}
                    )
                ],
            }
        )
        self.assertEqual(self.parts(), (60, 0, 60))

    def test_each_product_of_a_group_counts_by_itself(self):
        orders = self.ask(
            {self.screws: 40, self.nails: 20}, {self.screws: 30, self.nails: 50}, {self.nails: 10}
        )
        self.assertEqual(self.parts(), (40, 0, 40))
        self.assertEqual(self.parts(self.nails), (50, 0, 50))
        # Screws of the first, nails of the second: what was not chosen is cleared.
        for order, name in ((orders[0], "Screws"), (orders[1], "Nails")):
            order.order_line.filtered_domain([("product_id.name", "=", name)]).action_choose()
        self.confirm(orders[0])
        self.assertEqual(self.parts(), (0, 40, 40))
        self.assertEqual(self.parts(self.nails), (50, 0, 50))
        self.confirm(orders[1])
        self.assertEqual(self.parts(), (0, 40, 40))
        self.assertEqual(self.parts(self.nails), (0, 50, 50))
