from datetime import timedelta
from unittest.mock import patch

from odoo.addons.overview_page.tools.dates import format_day
from odoo.fields import Datetime

from .common import VmiCase


class TestShelf(VmiCase):
    """The board says what lies on a shelf and what is coming, the moment that goods move."""

    def setUp(self):
        super().setUp()
        self.nuts = self.make_product("Nuts", self.vendor)
        self.agreement = self.make_agreement((self.screws, 60, 120), (self.nuts, 5, 10))
        self.line = self.agreement.line_ids[0]

    def order(self):
        proposal = self.agreement.review()
        proposal.action_approve()
        proposal.purchase_order_ids.button_confirm()
        return proposal.purchase_order_ids

    def receive_of(self, order, product, quantity):
        """Receive some of one product, and leave the rest on its way."""
        picking = order.sudo().picking_ids.filtered(lambda p: p.state not in ("done", "cancel"))
        picking.move_ids.quantity = 0
        move = picking.move_ids.filtered(lambda move: move.product_id == product)
        move.write({"quantity": quantity, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()

    def settle(self):
        """End the transaction, as a request does."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def told(self, *orders):
        """Return what is told of the first of some orders."""
        day = format_day(self.env, orders[0].date_planned)
        return f"({orders[0].name}, {day}" + (
            f" and {len(orders) - 1} more)" if len(orders) > 1 else ")"
        )

    def test_the_rest_of_an_order_is_still_to_come(self):
        order = self.order()
        self.assertIn(f"On hand 0 · coming 120 {self.told(order)}", self.line.shelf_note)
        self.receive_of(order, self.screws, 50)
        self.settle()
        self.assertIn(f"On hand 50 · coming 70 {self.told(order)}", self.line.shelf_note)
        # Of the rest, on the day that it was put off to.
        rest = order.sudo().picking_ids.move_ids.filtered(lambda m: m.state not in ("done",))
        rest.date = Datetime.now() + timedelta(days=40)
        order.date_planned = rest[0].date
        self.line.invalidate_recordset()
        self.assertIn(f"coming 70 {self.told(order)}", self.line.shelf_note)

    def test_what_has_come_names_no_order(self):
        first = self.order()
        self.receive_of(first, self.screws, 120)
        self.move(self.screws, 100, self.stock, self.customers, done=True)
        # Its nuts are still to come, its screws are not.
        second = self.order()
        self.settle()
        self.assertNotEqual(first, second)
        self.assertEqual(first.receipt_status, "partial")
        self.assertIn(f"coming 100 {self.told(second)}", self.line.shelf_note)

    def test_the_earliest_of_several_is_named_and_all_are_counted(self):
        late = self.order()
        late.sudo().picking_ids.move_ids.date = Datetime.now() + timedelta(days=30)
        self.put(self.screws, -70)
        early = self.order()
        self.agreement.line_ids._measure()
        self.assertIn(f"coming 190 {self.told(early, late)}", self.line.shelf_note)

    def test_a_rest_that_will_not_come_is_not_waited_for(self):
        order = self.order()
        self.receive_of(order, self.screws, 50)
        order.sudo().picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self.line._measure()
        self.assertEqual(self.line.shelf_note, "On hand 50")

    def test_every_move_shows_at_once(self):
        other = self.env["stock.location"].sudo().create(
            {"name": "Cellar", "location_id": self.warehouse.view_location_id.id}
        )  # fmt: skip
        supplier = self.env.ref("stock.stock_location_suppliers")
        for origin, destination, quantity, on_hand in (
            # Received outside of any agreement, transferred away and back, delivered.
            (supplier, self.stock, 130, 130),
            (self.stock, other, 30, 100),
            (other, self.stock, 10, 110),
            (self.stock, self.customers, 70, 40),
        ):
            self.move(self.screws, quantity, origin, destination, done=True)
            self.settle()
            self.assertEqual(self.line.on_hand_qty, on_hand)
        self.assertEqual(self.line.stock_status, "below")

    def test_what_stays_inside_or_elsewhere_changes_nothing(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        self.put(self.screws, 50)
        there = self.make_company("Elsewhere")
        with patch.object(type(self.line), "_measure_committed") as measured:
            self.move(self.screws, 20, self.stock, shelf, done=True)
            self.move(self.make_product("Bolts"), 20, self.stock, self.customers, done=True)
            self.move(
                self.screws,
                20,
                self.env.ref("stock.stock_location_suppliers"),
                self.warehouse_of(there).lot_stock_id,
                done=True,
            )
            self.agreement.action_suspend()
            self.agreement.action_close()
            self.move(self.screws, 20, self.stock, self.customers, done=True)
            self.settle()
        measured.assert_not_called()

    def test_goods_move_although_measuring_fails(self):
        with (
            patch.object(type(self.line), "_measure", side_effect=ValueError("broken")),
            self.assertLogs("odoo.addons.supply_partner", "WARNING"),
        ):
            move = self.move(
                self.screws,
                20,
                self.env.ref("stock.stock_location_suppliers"),
                self.stock,
                done=True,
            )
            self.settle()
        self.assertEqual(move.state, "done")
