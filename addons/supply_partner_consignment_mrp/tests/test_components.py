from odoo.addons.supply_partner_consignment.tests.common import ConsignmentCase
from odoo.fields import Command
from odoo.tests import Form


class TestComponents(ConsignmentCase):
    """Doors made of two screws each and a frame, the screws partly the vendor's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.agreement = cls.consign()
        cls.door = cls.make_product("Door")
        cls.frame = cls.make_product("Frame")
        for product in cls.door | cls.frame:
            product.sudo().categ_id = cls.category
        cls.frame.sudo().with_company(cls.company).standard_price = 7
        cls.production = cls.screws.with_company(cls.company).sudo().property_stock_production
        cls.bom = cls.admin["mrp.bom"].create(
            {
                "product_tmpl_id": cls.door.product_tmpl_id.id,
                "company_id": cls.company.id,
                "bom_line_ids": [
                    Command.create({"product_id": cls.screws.id, "product_qty": 2}),
                    Command.create({"product_id": cls.frame.id, "product_qty": 1}),
                ],
            }
        )

    def setUp(self):
        super().setUp()
        context = {**self.env.context, "allowed_company_ids": self.company.ids}
        self.maker = self.admin(context=context)
        self.done(10, self.suppliers, self.stock, product=self.frame).value_manual = 70

    def produce(self, quantity, made=None):
        """Return a manufacturing order that is done, of so many doors or a part of them."""
        order = self.maker["mrp.production"].create(
            {
                "product_id": self.door.id,
                "bom_id": self.bom.id,
                "product_qty": quantity,
                "company_id": self.company.id,
            }
        )
        order.action_confirm()
        order.action_assign()
        return self.finish(order, made or quantity)

    def finish(self, order, quantity):
        order.qty_producing = quantity
        order._set_qty_producing()
        order.move_raw_ids.picked = True
        result = order.button_mark_done()
        if isinstance(result, dict):
            wizard = self.maker[result["res_model"]].with_context(**result["context"])
            Form(wizard).save().action_backorder()
        self.assertEqual(order.state, "done")
        return order

    def unbuild(self, order, quantity):
        order = self.maker["mrp.unbuild"].create(
            {
                "mo_id": order.id,
                "product_id": self.door.id,
                "product_qty": quantity,
                "product_uom_id": self.door.uom_id.id,
                "location_id": self.stock.id,
                "location_dest_id": self.stock.id,
                "company_id": self.company.id,
            }
        )
        order.action_unbuild()

    def shelf(self):
        return self.stock_of(False), self.stock_of(self.vendor)

    def test_what_a_vendor_s_component_costs_is_part_of_the_product(self):
        self.bring(20)
        order = self.produce(5)
        self.assertEqual(self.shelf(), (0, 10))
        self.assertEqual(self.book(), {"receipt": 20, "production": -10})
        # Ten screws at the vendor's 2.00, and five frames at 7.00.
        self.assertEqual((self.value(self.door), self.value(), order.extra_cost), (55, 0, 0))
        settlement = self.settle()
        self.assertEqual(settlement.line_ids.mapped("amount"), [20])
        settlement.action_bill()
        self.assertEqual(settlement.sudo().bill_ids.amount_untaxed, 20)

    def test_own_components_are_used_first_and_cost_what_they_cost(self):
        self.put_own(3)
        self.bring(20)
        self.produce(5)
        self.assertEqual(self.shelf(), (0, 13))
        self.assertEqual((self.value(self.door), self.value()), (3 * 10 + 7 * 2 + 35, 0))

    def test_it_is_settled_at_the_price_of_its_day(self):
        self.bring(20)
        self.produce(1)
        self.book()
        self.screws.sudo().seller_ids.price = 3
        self.produce(1)
        settlement = self.settle()
        self.assertEqual(
            sorted((line.unit_price, line.quantity) for line in settlement.line_ids),
            [(2, 2), (3, 2)],
        )
        self.assertEqual(self.value(self.door), 2 * 2 + 2 * 3 + 14)

    def test_in_another_currency(self):
        dollar = self.env.ref("base.USD").sudo()
        dollar.active = True
        self.admin["res.currency.rate"].create(
            {"name": "2020-01-01", "rate": 2, "currency_id": dollar.id,
             "company_id": self.company.id}
        )  # fmt: skip
        self.screws.sudo().seller_ids.currency_id = dollar
        self.bring(20)
        self.produce(5)
        self.assertEqual(self.value(self.door), 10 + 35)

    def test_a_back_order_has_components_of_its_own(self):
        self.bring(20)
        order = self.produce(5, made=2)
        self.assertEqual(self.value(self.door), 2 * (4 + 7))
        rest = order.production_group_id.production_ids - order
        self.assertEqual(rest.extra_cost, 0)
        self.finish(rest, 3)
        self.assertEqual((self.value(self.door), self.shelf()), (55, (0, 10)))

    def test_by_products_bear_their_share(self):
        shavings = self.make_product("Shavings")
        shavings.sudo().categ_id = self.category
        self.bom.byproduct_ids = [
            Command.create({"product_id": shavings.id, "product_qty": 1, "cost_share": 20})
        ]
        self.bring(20)
        self.produce(5)
        self.assertAlmostEqual(self.value(self.door), 44)
        self.assertAlmostEqual(self.value(shavings), 11)

    def test_unbuilding_gives_back_to_each_owner_what_was_used(self):
        self.put_own(3)
        self.bring(20)
        order = self.produce(5)
        for count, expected in ((1, (2, 13)), (1, (3, 14)), (3, (3, 20))):
            self.unbuild(order, count)
            self.assertEqual(self.shelf(), expected)
        self.assertEqual((self.value(self.door), self.value()), (0, 30))
        self.assertEqual(self.book(), {"receipt": 20})
        self.assertEqual(self.settle().line_ids.mapped("quantity"), [0])

    def test_what_is_unbuilt_later_has_the_price_of_its_use(self):
        self.bring(20)
        order = self.produce(5)
        settlement = self.settle()
        settlement.action_bill()
        self.screws.sudo().seller_ids.price = 9
        self.unbuild(order, 2)
        note = self.settle()
        self.assertEqual((note.line_ids.quantity, note.line_ids.unit_price), (-4, 2))
        note.action_bill()
        self.assertEqual(note.sudo().bill_ids.move_type, "in_refund")

    def test_components_with_lots(self):
        self.screws.sudo().tracking = "lot"
        lot = self.admin["stock.lot"].create({"name": "A", "product_id": self.screws.id})
        self.done(3, self.suppliers, self.stock, owner=False, lot=lot).value_manual = 30
        self.bring(20, lot=lot)
        order = self.produce(5)
        self.assertEqual(self.shelf(), (0, 13))
        self.unbuild(order, 2)
        self.assertEqual(self.shelf(), (3, 14))
        self.unbuild(order, 3)
        self.assertEqual((self.shelf(), self.value()), ((3, 20), 30))

    def test_what_is_nobody_s_agreement_is_odoo_s(self):
        guest = self.make_vendor("Guest")
        self.done(20, self.suppliers, self.stock, owner=guest)
        move = self.maker["stock.move"].search([("restrict_partner_id", "=", guest.id)])
        self.assertEqual(move._get_consigned_cost(), 0)
