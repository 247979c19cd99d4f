from odoo.tools import SQL

from .common import VmiCase

OVERLOOKED = ("_get_incoming_condition", "_get_outgoing_condition", "_get_quotation_condition")


class TestNeverAgain(VmiCase):
    """An automatic agreement never orders again what it ordered and has not seen arrive.

    Whatever its review overlooks: here nothing that is on its way is seen by it.
    """

    def setUp(self):
        super().setUp()
        self.agreement = self.make_agreement((self.screws, 60, 120), decision="automatic")
        self.order = self.agreement.review().purchase_order_ids
        for name in OVERLOOKED:
            self.patch(type(self.agreement.line_ids), name, lambda lines: SQL("FALSE"))

    def outstanding(self):
        return self.order.order_line._get_vmi_outstanding_qty()

    def check_held(self, outstanding):
        self.assertEqual(self.outstanding(), outstanding)
        before = self.agreement.purchase_order_ids
        proposal = self.agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn(f"Screws: {outstanding} were ordered before", proposal.note)
        self.assertTrue(proposal.activity_ids)
        self.assertEqual(self.agreement.purchase_order_ids, before)

    def check_ordered(self):
        self.assertEqual(self.outstanding(), 0)
        self.assertEqual(self.agreement.review().state, "ordered")

    def take_off(self):
        self.put(self.screws, -self.screws.with_context(location=self.stock.id).qty_available)

    def test_what_was_ordered_is_not_ordered_at_the_next_reviews(self):
        self.assertEqual(self.order.state, "purchase")
        self.check_held(120)
        self.assertFalse(self.agreement.review())

    def test_what_waits_for_approval_is_ordered_already(self):
        self.order.button_cancel()
        self.order.order_line.action_vmi_seen()
        self.order.button_draft()
        self.check_held(120)

    def test_what_arrived_may_be_ordered_again(self):
        self.receive(self.order, quantity=50)
        self.take_off()
        self.check_held(70)
        self.agreement.proposal_ids._filter_pending().action_refuse()
        self.receive(self.order)
        self.take_off()
        self.check_ordered()

    def test_a_cancelled_order_is_not_waited_for(self):
        self.order.button_cancel()
        self.order.order_line.action_vmi_seen()
        self.check_ordered()

    def test_a_reduced_order_is_waited_for_as_far_as_it_goes(self):
        self.order.order_line.product_qty = 80
        self.order.order_line.action_vmi_seen()
        self.check_held(80)

    def test_a_cancelled_back_order_is_waited_for_until_the_buyer_knows(self):
        self.receive(self.order, quantity=50, backorder=False)
        self.take_off()
        self.assertEqual(self.outstanding(), 70)
        proposal = self.agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn("70 will not arrive", proposal.note)
        proposal.action_refuse()
        self.order.order_line.action_vmi_seen()
        self.check_ordered()

    def test_what_went_back_to_the_vendor_has_arrived(self):
        picking = self.receive(self.order)
        wizard = self.env["stock.return.picking"].sudo().create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 120
        back = wizard._create_return()
        back.move_ids.write({"quantity": 120, "picked": True})
        back.button_validate()
        self.assertEqual(self.order.order_line.qty_received, 0)
        self.assertEqual(self.outstanding(), 0)

    def test_receipts_of_what_is_not_tracked_count(self):
        self.screws.sudo().is_storable = False
        self.receive(self.order, quantity=50)
        self.assertEqual(self.screws.qty_available, 0)
        self.assertEqual(self.outstanding(), 70)

    def test_what_has_no_receipts_is_received_by_hand(self):
        self.order.button_cancel()
        self.screws.sudo().type = "service"
        self.order.button_draft()
        self.order.button_confirm()
        self.assertEqual(self.outstanding(), 120)
        self.order.order_line.qty_received = 120
        self.assertEqual(self.outstanding(), 0)

    def test_dozens_are_counted_in_pieces(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        line = self.order.order_line
        self.order.button_cancel()
        self.order.button_draft()
        line.write({"product_uom_id": dozen.id, "product_qty": 5})
        self.assertEqual(line._get_vmi_outstanding_qty(), 60)


class TestNeverTransferredAgain(VmiCase):
    def test_what_another_place_gives_is_waited_for_too(self):
        north = self.env["stock.warehouse"].sudo().create(
            {"name": "North", "code": "NOR", "company_id": self.company.id}
        )  # fmt: skip
        self.put(self.screws, 300, north.lot_stock_id)
        self.make_agreement((self.screws, 60, 120), warehouse_id=north.id)
        here = self.make_agreement((self.screws, 60, 120), decision="automatic")
        proposal = here.review()
        self.assertEqual((proposal.kind, proposal.state), ("transfer", "ordered"))
        for name in OVERLOOKED:
            self.patch(type(here.line_ids), name, lambda lines: SQL("FALSE"))
        again = here.review()
        self.assertEqual(again.mapped("state"), ["draft"] * len(again))
        self.assertIn("Screws: 120 were ordered before", again[0].note)
        self.assertEqual(proposal.picking_ids.sudo().move_ids.product_uom_qty, 120)
        self.assertFalse(here.purchase_order_ids)
