from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Command


class TestAlternatives(VmiCase):
    """Three vendors are asked for the same goods; one of them will deliver."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.nails = cls.make_product("Nails", cls.vendor)
        cls.agreement = cls.make_agreement((cls.screws, 50, 100), (cls.nails, 50, 100))
        cls.line = cls.agreement.line_ids[0]

    def ask(self, *quantities, product=None):
        """Return alternative requests for quotation of these quantities."""
        orders = self.env["purchase.order"].create(
            [
                {
                    "partner_id": self.make_vendor(f"Vendor of {quantity}").id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": (product or self.screws).id,
                                "product_qty": quantity,
                                "price_unit": 1,
                            }
                        )
                    ],
                }
                for quantity in quantities
            ]
        )
        orders[0].alternative_po_ids = orders[1:]
        self.assertEqual(len(orders.purchase_group_id), 1)
        return orders

    def quotations(self, line=None):
        line = line or self.line
        line._measure()
        return line.quotation_qty

    def test_three_of_the_same_count_once(self):
        self.ask(40, 40, 40)
        self.assertEqual(self.quotations(), 40)

    def test_the_largest_counts(self):
        self.ask(40, 60, 50)
        self.assertEqual(self.quotations(), 60)

    def test_groups_and_single_ones_add_up(self):
        self.ask(40, 60)
        self.ask(10, 20)
        self.ask(5, 6, product=self.nails)
        single = self.ask(1, 2)
        single.purchase_group_id.unlink()
        self.assertEqual(self.quotations(), 60 + 20 + 1 + 2)
        self.assertEqual(self.quotations(self.agreement.line_ids[1]), 6)

    def test_the_confirmed_one_alone_counts_by_its_receipt(self):
        first, *_others = self.ask(40, 60, 50)
        first.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual((self.quotations(), self.line.incoming_qty), (0, 40))

    def test_what_the_confirmed_one_does_not_bring_is_still_asked_for(self):
        first, second = self.ask(40, 60)
        second.order_line.copy({"order_id": second.id, "product_id": self.nails.id})
        first.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual(self.quotations(self.agreement.line_ids[1]), 60)
