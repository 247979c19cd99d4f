from datetime import timedelta

from odoo.fields import Command, Datetime

from .common import VmiCase


class TestPosition(VmiCase):
    """What counts as there or on its way, and the sentence that says it."""

    def propose(self, agreement):
        return agreement.review().line_ids

    def test_the_sentence_adds_up_and_the_quantity_is_in_whole_boxes(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.put(self.screws, 31)
        supplier = self.env.ref("stock.stock_location_suppliers")
        due = self.move(self.screws, 20, supplier, self.stock, days=2)
        self.move(self.screws, 12, self.stock, self.customers, days=1)
        agreement = self.make_agreement(
            {
                "product_id": self.screws.id,
                "min_qty": 60,
                "max_qty": 120,
                "replenishment_uom_id": dozen.id,
            }
        )
        line = self.propose(agreement)
        day = due.date.strftime("%b %-d"), due.date.strftime("%-d %b")
        self.assertEqual(line.position_qty, 39)
        self.assertEqual(line.suggested_qty, 84)  # 81 missing: seven dozen
        self.assertIn(
            line.explanation,
            [
                f"31 on hand + 20 incoming {text} − 12 to deliver = 39, minimum 60; to 120, "
                "in multiples of 12 (Dozens): 84"
                for text in day
            ],
        )

    def test_what_is_above_the_minimum_is_on_track_and_not_proposed(self):
        self.put(self.screws, 60)
        agreement = self.make_agreement((self.screws, 60, 120))
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.line_ids.stock_status, "on_track")

    def test_each_status(self):
        for quantity, status in (
            (0, "out"), (-5, "out"), (59, "below"), (60, "on_track"), (120, "on_track"),
        ):  # fmt: skip
            product = self.make_product(f"Product {quantity}", self.vendor)
            if quantity:
                self.put(product, quantity)
            agreement = self.make_agreement((product, 60, 120))
            self.assertEqual(agreement.line_ids.stock_status, status, quantity)

    def test_stock_that_just_came_is_above_and_stock_that_nobody_wants_is_dead(self):
        supplier = self.env.ref("stock.stock_location_suppliers")
        for days, status in ((-5, "above"), (-100, "dead")):
            product = self.make_product(f"Since {days}", self.vendor)
            self.move(product, 200, supplier, self.stock, days=days, done=True)
            agreement = self.make_agreement((product, 60, 120))
            self.assertEqual(agreement.line_ids.stock_status, status)

    def test_negative_stock_is_filled_up_from_below_zero(self):
        self.put(self.screws, -30)
        line = self.propose(self.make_agreement((self.screws, 60, 120)))
        self.assertEqual(line.suggested_qty, 150)

    def test_a_late_receipt_still_counts(self):
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.move(self.screws, 70, supplier, self.stock, days=-20)
        agreement = self.make_agreement((self.screws, 60, 120))
        self.assertEqual(agreement.line_ids.position_qty, 70)
        self.assertFalse(agreement.review())

    def test_what_comes_after_the_horizon_is_not_counted_on(self):
        # Three days to deliver and two of horizon: up to the end of the fifth day.
        supplier = self.env.ref("stock.stock_location_suppliers")
        for days, position in ((5, 70), (6, 0)):
            product = self.make_product(f"In {days} days", self.vendor)
            self.move(product, 70, supplier, self.stock, days=days)
            agreement = self.make_agreement((product, 60, 120), planning_horizon_days=2)
            self.assertEqual(agreement.line_ids.position_qty, position)

    def test_a_return_from_a_customer_is_on_its_way_in(self):
        self.move(self.screws, 8, self.customers, self.stock, days=1)
        agreement = self.make_agreement((self.screws, 60, 120))
        self.assertEqual(agreement.line_ids.incoming_qty, 8)

    def test_a_move_inside_the_place_changes_nothing(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        self.put(self.screws, 10)
        self.put(self.screws, 5, shelf)
        self.move(self.screws, 4, self.stock, shelf, days=1)
        agreement = self.make_agreement((self.screws, 60, 120))
        line = agreement.line_ids
        self.assertEqual((line.on_hand_qty, line.incoming_qty, line.outgoing_qty), (15, 0, 0))

    def test_a_shelf_counts_for_itself(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        self.put(self.screws, 500)
        self.put(self.screws, 5, shelf)
        agreement = self.make_agreement((self.screws, 10, 20), location_id=shelf.id)
        line = self.propose(agreement)
        self.assertEqual((line.on_hand_qty, line.suggested_qty), (5, 15))

    def test_a_request_for_quotation_of_anybody_counts_in_its_own_unit(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.screws.id,
                            "product_qty": 3,
                            "product_uom_id": dozen.id,
                            "price_unit": 1,
                        }
                    )
                ],
            }
        )
        line = self.propose(self.make_agreement((self.screws, 60, 120)))
        self.assertEqual((line.rfq_qty, line.suggested_qty), (36, 84))
        self.assertIn("+ 36 in RFQs", line.explanation)

    def test_two_warehouses_are_two_places(self):
        north = self.env["stock.warehouse"].sudo().create(
            {"name": "North", "code": "NOR", "company_id": self.company.id}
        )  # fmt: skip
        self.put(self.screws, 100, north.lot_stock_id)
        here = self.make_agreement((self.screws, 60, 120))
        there = self.make_agreement((self.screws, 60, 120), warehouse_id=north.id)
        self.assertEqual(here.line_ids.position_qty, 0)
        self.assertEqual(there.line_ids.position_qty, 100)
        self.assertEqual(there.location_id, north.lot_stock_id)

    def test_the_quantity_is_odoo_s_own(self):
        """With no proposal and no order beyond the horizon, Odoo would order as much."""
        dozen = self.env.ref("uom.product_uom_dozen")
        bolts = self.make_product("Bolts", self.vendor, product_uom_id=dozen.id)
        for product, on_hand in ((self.screws, 7), (bolts, 17)):
            self.put(product, on_hand)
        agreement = self.make_agreement((self.screws, 60, 120), (bolts, 50, 100))
        points = agreement.line_ids.orderpoint_id.sudo()
        points.invalidate_recordset()
        points._compute_qty_to_order_computed()
        self.assertEqual(agreement.line_ids.mapped("order_qty"), [113, 84])
        self.assertEqual(points.mapped("qty_to_order_computed"), [113, 84])

    def test_two_steps_of_receipt_count_once(self):
        self.warehouse.sudo().reception_steps = "two_steps"
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        agreement.line_ids._measure()
        self.assertEqual(agreement.line_ids.position_qty, 120)
        self.receive(order)
        agreement.line_ids._measure()
        self.assertEqual(agreement.line_ids.position_qty, 120)

    def test_a_later_step_of_a_receipt_that_is_put_off_is_waited_for(self):
        self.warehouse.sudo().reception_steps = "three_steps"
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        proposal.action_approve()
        proposal.purchase_order_ids.button_confirm()
        for _step in ("to the input", "to the control", "to the stock"):
            waiting = self.env["stock.move"].sudo().search(
                [("product_id", "=", self.screws.id), ("state", "!=", "done")]
            )  # fmt: skip
            waiting.date += timedelta(days=90)
            self.assertFalse(agreement.review())
            self.assertEqual(agreement.line_ids.incoming_qty, 120)
            waiting.write({"quantity": 120, "picked": True})
            waiting.picking_id.button_validate()
        agreement.line_ids._measure()
        self.assertEqual(agreement.line_ids.on_hand_qty, 120)

    def test_a_quotation_for_a_receipt_in_two_steps_counts(self):
        self.warehouse.sudo().reception_steps = "two_steps"
        self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.screws.id, "product_qty": 100, "price_unit": 2}
                    )
                ],
            }
        )
        agreement = self.make_agreement((self.screws, 60, 120))
        self.assertFalse(agreement.review())
        self.assertEqual(agreement.line_ids.rfq_qty, 100)

    def test_only_internal_locations_below_the_place_are_of_it(self):
        below = {
            usage: self.stock.sudo().create(
                {"name": usage, "usage": usage, "location_id": self.stock.id}
            )
            for usage in ("internal", "inventory", "production", "transit", "customer")
        }
        for place in below.values():
            self.put(self.screws, 10, place)
        line = self.make_agreement((self.screws, 50, 100)).line_ids
        self.assertEqual(line.on_hand_qty, 10)
        self.move(self.screws, 4, below["internal"], below["production"])
        line._measure()
        self.assertEqual((line.outgoing_qty, line.position_qty), (4, 6))

    def test_what_is_pegged_to_a_demand_counts_where_that_demand_does(self):
        self.put(self.screws, 15)
        line = self.make_agreement((self.screws, 50, 100)).line_ids
        vendors = self.env.ref("stock.stock_location_suppliers")
        delivery = self.move(self.screws, 100, self.stock, self.customers, days=30)
        receipt = self.move(self.screws, 100, vendors, self.stock, days=1)
        receipt.move_dest_ids = delivery
        line._measure()
        # The delivery lies beyond the horizon, so what is bought for it fills no shelf.
        self.assertEqual((line.incoming_qty, line.outgoing_qty, line.position_qty), (0, 0, 15))
        delivery.date = receipt.date
        receipt.date = Datetime.now() + timedelta(days=30)
        line._measure()
        self.assertEqual((line.incoming_qty, line.outgoing_qty, line.position_qty), (100, 100, 15))
        # Of two receipts for one delivery, the second brings what the first does not.
        second = self.move(self.screws, 60, vendors, self.stock, days=30)
        second.move_dest_ids = delivery
        receipt.product_uom_qty = 60
        line._measure()
        self.assertEqual((line.incoming_qty, line.outgoing_qty, line.position_qty), (100, 100, 15))
        second._action_cancel()
        # What is bought beyond the need counts by its own day.
        receipt.product_uom_qty = 130
        line._measure()
        self.assertEqual(line.position_qty, 15)
        receipt.date = delivery.date
        line._measure()
        self.assertEqual(line.position_qty, 45)

    def test_a_quotation_that_is_pegged_counts_where_its_demand_does(self):
        self.put(self.screws, 15)
        line = self.make_agreement((self.screws, 50, 100)).line_ids
        delivery = self.move(self.screws, 100, self.stock, self.customers, days=30)
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [Command.create({"product_id": self.screws.id, "product_qty": 100})],
            }
        )
        order.sudo().order_line.move_dest_ids = delivery
        line._measure()
        self.assertEqual((line.rfq_qty, line.position_qty), (0, 15))
        delivery.date = Datetime.now()
        line._measure()
        self.assertEqual((line.rfq_qty, line.position_qty), (100, 15))

    def test_what_rounding_up_brings_is_not_above_the_maximum(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        nails = self.make_product("Nails", self.vendor, product_uom_id=dozen.id)
        pins = self.make_product("Pins", self.vendor, min_qty=50)
        agreement = self.make_agreement((nails, 10, 20), (pins, 10, 20))
        statuses = {}
        before = (0, 0)
        for nail, pin in ((9, 9), (21, 58), (31, 59), (32, 60)):
            self.put(nails, nail - before[0])
            self.put(pins, pin - before[1])
            before = (nail, pin)
            agreement.line_ids._measure()
            statuses[nail, pin] = agreement.line_ids.mapped("stock_status")
        self.assertEqual(
            statuses,
            {
                (9, 9): ["below", "below"],
                (21, 58): ["on_track", "on_track"],
                (31, 59): ["on_track", "on_track"],
                (32, 60): ["above", "above"],
            },
        )

    def test_no_step_of_a_review_is_compiled(self):
        self.make_agreement((self.screws, 50, 100)).review()
        self.env.cr.execute("SHOW jit")
        self.assertEqual(self.env.cr.fetchone(), ("off",))
