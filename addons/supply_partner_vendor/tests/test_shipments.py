from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command

from .common import VendorCase


class TestShipments(VendorCase):
    """Acme has an order of 100 screws, and announces what is on its way."""

    def setUp(self):
        super().setUp()
        self.purchase = self.order()
        self.line = self.purchase.order_line
        self.move = self.line.move_ids.sudo()

    def announce(self, *parts, user=None, **vals):
        lines = [{"order_line_id": self.line.id, **part} for part in parts]
        return self.served(user or self.anna).announce_shipment(
            self.purchase.id, lines, vals.pop("date", "2026-12-01"), **vals
        )

    def shipment(self, answer):
        return self.env["vmi.shipment"].browse(answer["shipment_id"])

    def test_it_becomes_the_quantity_of_the_receipt_and_nothing_is_picked(self):
        answer = self.announce({"quantity": 60}, tracking_ref="T1", package_count=2)
        self.assertEqual(answer["state"], "announced")
        self.assertEqual((self.move.quantity, self.move.product_uom_qty), (60, 100))
        self.assertFalse(self.move.picked)
        self.assertFalse(any(self.move.move_line_ids.mapped("picked")))
        # The rest is still expected.
        [line] = self.served(self.anna).get_order(self.purchase.id)["lines"]
        self.assertEqual((line["announced"], line["left"], line["received"]), (60, 40, 0))
        self.assertEqual(self.line._get_vmi_expected_qty(), 100)

    def test_two_shipments_add_up_and_come_one_after_the_other(self):
        first = self.shipment(self.announce({"quantity": 60}))
        second = self.shipment(self.announce({"quantity": 40}, date="2026-12-03"))
        self.assertEqual(self.move.quantity, 100)
        # Nothing of what the receipt held before is left beside them.
        self.assertEqual(self.move.picking_id.move_line_ids, self.move.move_line_ids)
        self.receive(self.purchase, 60)
        self.assertEqual((first.state, first.line_ids.received_qty), ("received", 60))
        self.assertEqual((second.state, second.line_ids.received_qty), ("announced", 0))
        rest = self.purchase.sudo().picking_ids.filtered(lambda p: p.state != "done").move_ids
        self.assertEqual((rest.quantity, rest.picked), (40, False))
        self.receive(self.purchase, 40)
        self.assertEqual(second.state, "received")

    def test_less_than_announced_came(self):
        shipment = self.shipment(self.announce({"quantity": 60}))
        self.receive(self.purchase, 50)
        self.assertEqual((shipment.state, shipment.line_ids.received_qty), ("received", 50))

    def test_lots_are_on_the_receipt(self):
        self.screws.sudo().tracking = "lot"
        self.announce({"quantity": 30, "lot": "A"}, {"quantity": 20, "lot": "B", "package": "P1"})
        lots = [(line.lot_name, line.quantity) for line in self.move.move_line_ids]
        self.assertEqual(sorted(lots), [("A", 30), ("B", 20)])
        picking = self.move.picking_id
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.move.quantity, 50)
        self.assertEqual(self.move.lot_ids.sorted("name").mapped("name"), ["A", "B"])

    def test_packages_are_noted_on_the_receipt(self):
        self.announce({"quantity": 30, "package": "P1"}, {"quantity": 20, "package": "P2"})
        [note] = self.move.picking_id.message_ids.filtered(lambda one: "P1" in (one.body or ""))
        self.assertIn(f"{self.purchase.name}/1 was announced for Dec 1, 2026", note.body)
        self.assertIn("P1: 30 Units Screws; P2: 20 Units Screws", note.body)
        self.assertFalse(self.move.move_line_ids.result_package_id)

    def test_packages_are_made_where_packages_are_used(self):
        users = self.env.ref("base.group_user").sudo()
        users._apply_group(self.env.ref("stock.group_tracking_lot").sudo())
        first = self.shipment(self.announce({"quantity": 30, "package": "P1"}))
        self.announce({"quantity": 20, "package": "P1"}, date="2026-12-03")
        packages = self.move.move_line_ids.result_package_id
        self.assertEqual(packages.mapped("name"), ["P1", "P1"])
        # What is called off leaves no empty package behind.
        kept = packages - first.line_ids.package_id
        self.served(self.anna).cancel_shipment(first.id)
        self.assertEqual(
            (packages.exists(), self.move.move_line_ids.result_package_id), (kept, kept)
        )
        self.receive(self.purchase, 20)
        self.assertEqual(kept.quant_ids.quantity, 20)

    def test_a_serial_number_stands_for_one_piece(self):
        self.screws.sudo().tracking = "serial"
        with self.assertRaisesRegex(UserError, "one piece alone"):
            self.announce({"quantity": 2, "lot": "S1"})
        with self.assertRaisesRegex(UserError, "twice"):
            self.announce({"quantity": 1, "lot": "S1"}, {"quantity": 1, "lot": "S1"})

    def test_more_than_ordered_waits_for_the_buyer(self):
        answer = self.announce({"quantity": 110})
        shipment = self.shipment(answer)
        self.assertEqual(answer["state"], "waiting")
        self.assertEqual(self.move.quantity, 100)
        self.assertIn("110 are announced, 100 expected", shipment.excess)
        self.assertEqual(shipment.activity_ids.user_id, self.buyer)
        shipment.action_accept()
        self.assertEqual((shipment.state, self.move.quantity), ("announced", 110))
        self.assertFalse(shipment.activity_ids)

    def test_what_was_called_off_is_expected_as_before(self):
        shipment = self.shipment(self.announce({"quantity": 60}))
        self.served(self.anna).cancel_shipment(shipment.id)
        self.assertEqual((shipment.state, self.move.quantity), ("cancelled", 100))
        with self.assertRaises(UserError):
            self.served(self.anna).cancel_shipment(shipment.id)

    def test_what_somebody_counts_already_is_left_alone(self):
        self.move.quantity = 70
        self.move.picked = True
        self.announce({"quantity": 60})
        self.assertEqual(self.move.quantity, 70)

    def test_a_product_that_is_not_announced_does_not_come_with_it(self):
        nails = self.make_product("Nails", self.vendor)
        self.purchase.sudo().order_line = [
            Command.create({"product_id": nails.id, "product_qty": 5})
        ]
        self.announce({"quantity": 60})
        other = self.purchase.sudo().order_line.move_ids - self.move
        self.assertEqual((other.quantity, other.product_uom_qty), (0, 5))

    def test_in_the_unit_of_the_order(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        purchase = self.purchase.sudo().copy()
        purchase.vmi_agreement_id = self.agreement
        purchase.order_line.write({"product_uom_id": dozen.id, "product_qty": 5})
        purchase.button_confirm()
        self.served(self.anna).announce_shipment(
            purchase.id, [{"order_line_id": purchase.order_line.id, "quantity": 2}], "2026-12-01"
        )
        move = purchase.order_line.move_ids
        announced = move.product_uom._compute_quantity(move.quantity, self.screws.uom_id)
        self.assertEqual(announced, 24)

    def test_what_is_wrong_is_said(self):
        for part in (
            {"quantity": 0},
            {"quantity": -1},
            {"quantity": float("nan")},
            {"quantity": "1"},
            {"quantity": 1.23456789},
            {"quantity": 1, "lot": "A"},
            {"quantity": 1, "package": "P" * 200},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.announce(part)
        for vals in (
            {"date": "tomorrow"},
            {"date": "0001-01-01"},
            {"date": None},
            {"package_count": -1},
            {"package_count": "2"},
            {"carrier": 7},
        ):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.announce({"quantity": 1}, **vals)
        with self.assertRaises(UserError):
            self.announce()
        self.assertFalse(self.env["vmi.shipment"].search([("purchase_id", "=", self.purchase.id)]))

    def test_a_line_of_another_order_is_not_there(self):
        foreign = self.order(self.others).order_line
        with self.assertRaises(MissingError):
            self.served(self.anna).announce_shipment(
                self.purchase.id, [{"order_line_id": foreign.id, "quantity": 1}], "2026-12-01"
            )

    def test_nothing_is_announced_of_what_came(self):
        self.receive(self.purchase)
        with self.assertRaisesRegex(UserError, "expected any more"):
            self.announce({"quantity": 1})

    def test_who_may_not_announce(self):
        self.access.can_announce = False
        with self.assertRaises(MissingError):
            self.announce({"quantity": 1})

    def test_people_of_the_company_do_not_write_shipments(self):
        shipment = self.shipment(self.announce({"quantity": 60}))
        with self.assertRaises(AccessError):
            shipment.state = "received"
        with self.assertRaises(AccessError):
            self.env["vmi.shipment"].create({"purchase_id": self.purchase.id})
