from odoo.addons.supply_partner_vendor.tests.common import VendorCase

from .common import BOLTS, SCREWS, EdiCase
from .samples import despatch


class TestDespatch(EdiCase):
    """Acme has an order of 100 screws, and announces by DESADV what is on its way."""

    def setUp(self):
        super().setUp()
        self.purchase = self.order()
        self.stock_move = self.purchase.order_line.move_ids.sudo()

    def announce(self, *lines, channel="file", reference="IC1", **values):
        values.setdefault("order", self.purchase.name)
        lines = lines or (f"LIN+1++{SCREWS}:EN", "QTY+12:60:PCE")
        return self.receive(despatch(*lines, **values), channel=channel, reference=reference)

    def shipments(self):
        return self.env["vmi.shipment"].search([("purchase_id", "=", self.purchase.id)])

    def test_it_becomes_the_quantity_of_the_receipt(self):
        message = self.announce(more=("TDT+20++30+31+:::Coast Freight", "RFF+CN:T9"))
        [shipment] = message.shipment_ids
        self.assertEqual((message.state, shipment.state), ("done", "announced"))
        self.assertEqual((shipment.carrier, shipment.tracking_ref), ("Coast Freight", "T9"))
        self.assertEqual(shipment.date.isoformat(), "2026-12-05")
        self.assertEqual((self.stock_move.quantity, self.stock_move.picked), (60, False))
        self.assertIn(shipment.name, message.outcome)
        self.assertEqual(message.agreement_ids, self.agreement)

    def test_lots_and_packages(self):
        self.screws.sudo().tracking = "lot"
        message = self.announce(
            "PAC+2++PX", "GIN+BJ+340987650000000017", f"LIN+1++{SCREWS}:EN", "QTY+12:30",
            "GIN+BX+L1", "CPS+2", "GIN+BJ+340987650000000024", f"LIN+2++{SCREWS}:EN",
            "QTY+12:20", "PIA+1+L2:NB",
        )  # fmt: skip
        lines = message.shipment_ids.line_ids
        self.assertEqual(
            [(line.quantity, line.lot_name, line.package_name) for line in lines],
            [(30, "L1", "340987650000000017"), (20, "L2", "340987650000000024")],
        )
        self.assertEqual(message.shipment_ids.package_count, 2)
        self.assertEqual(sorted(self.stock_move.move_line_ids.mapped("lot_name")), ["L1", "L2"])

    def test_announced_twice_it_is_announced_once(self):
        first = self.announce()
        again = self.announce()
        self.assertEqual(first, again)
        # The vendor's program sends the same document in a new interchange.
        resent = self.announce(reference="IC2")
        self.assertEqual((resent.state, resent.repeats_id), ("done", first))
        self.assertIn("nothing was done again", resent.outcome)
        self.assertEqual((len(self.shipments()), self.stock_move.quantity), (1, 60))

    def test_the_same_document_with_other_content(self):
        self.announce()
        other = self.announce(f"LIN+1++{SCREWS}:EN", "QTY+12:40:PCE", reference="IC2")
        self.assert_error(other, "document_again", "DES1")
        self.assertEqual((len(self.shipments()), self.stock_move.quantity), (1, 60))

    def test_more_than_ordered_waits(self):
        message = self.announce(f"LIN+1++{SCREWS}:EN", "QTY+12:110")
        [shipment] = message.shipment_ids
        self.assertEqual((message.state, shipment.state), ("done", "waiting"))
        self.assertEqual(self.stock_move.quantity, 100)

    def test_by_email_it_waits_for_the_buyer(self):
        message = self.announce(channel="mail")
        [shipment] = message.shipment_ids
        self.assertEqual((shipment.state, self.stock_move.quantity), ("waiting", 100))
        self.assertIn("proves no sender", shipment.excess)
        self.assertEqual(shipment.activity_ids.summary, "Announced by email: check the sender")
        shipment.action_accept()
        self.assertEqual(self.stock_move.quantity, 60)

    def test_whole_or_not_at_all(self):
        second = self.order_more()
        message = self.announce(
            f"LIN+1++{SCREWS}:EN", "QTY+12:60", f"LIN+2++{SCREWS}:EN", "QTY+12:1:KGM",
            f"RFF+ON:{second.name}",
        )  # fmt: skip
        self.assert_error(message, "wrong_unit")
        self.assertFalse(message.shipment_ids)
        self.assertEqual(self.stock_move.quantity, 100)
        # What only the service finds undoes what was announced before.
        message = self.announce(
            f"LIN+1++{SCREWS}:EN", "QTY+12:60", f"LIN+2++{SCREWS}:EN", "QTY+12:1",
            "GIN+BX+L1", f"RFF+ON:{second.name}", number="DES2", reference="IC2",
        )  # fmt: skip
        self.assert_error(message, "said", "has no lots")
        self.assertEqual((len(self.shipments()), self.stock_move.quantity), (0, 100))
        self.assertEqual(message.agreement_ids, self.agreement)

    def order_more(self):
        purchase = self.purchase.sudo().copy({"vmi_agreement_id": self.agreement.id})
        purchase.button_confirm()
        return purchase

    def test_of_two_orders(self):
        second = self.order_more()
        message = self.announce(
            f"LIN+1++{SCREWS}:EN", "QTY+12:60", f"LIN+2++{SCREWS}:EN", "QTY+12:10",
            f"RFF+ON:{second.name}",
        )  # fmt: skip
        self.assertEqual(message.state, "done")
        self.assertEqual(message.shipment_ids.purchase_id, self.purchase | second)

    def test_orders_and_products_of_others(self):
        foreign = self.order(self.others)
        line = (f"LIN+1++{BOLTS}:EN", "QTY+12:1")
        message = self.announce(*line, order=foreign.name)
        self.assert_error(message, "unknown_order", foreign.name)
        message = self.announce(*line, number="DES2", reference="IC2")
        self.assert_error(message, "not_ordered", BOLTS)
        self.assertFalse(self.env["vmi.shipment"].search([("purchase_id", "=", foreign.id)]))

    def test_serial_numbers(self):
        self.screws.sudo().tracking = "serial"
        message = self.announce(f"LIN+1++{SCREWS}:EN", "QTY+12:2", "GIN+BN+S1+S2")
        self.assertEqual(message.shipment_ids.line_ids.mapped("lot_name"), ["S1", "S2"])
        message = self.announce(
            f"LIN+1++{SCREWS}:EN", "QTY+12:3", "GIN+BN+S1+S2", number="DES2", reference="IC2"
        )
        self.assert_error(message, "serial_count")

    def test_what_came_is_not_announced(self):
        VendorCase.receive(self, self.purchase)
        self.assert_error(self.announce(), "said", "expected any more")
