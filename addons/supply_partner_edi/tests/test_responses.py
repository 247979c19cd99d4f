from .common import SCREWS, EdiCase
from .samples import VENDOR, response


class TestResponses(EdiCase):
    """Acme is asked for 100 screws, at 2 each, and answers by ORDRSP."""

    def setUp(self):
        super().setUp()
        self.proposal = self.propose()
        self.line = self.proposal.line_ids

    def answer(self, *lines, function="4", channel="file", **values):
        values.setdefault("proposal", self.proposal.name)
        return self.receive(response(*lines, function=function, **values), channel=channel)

    def change(self, quantity, *more, action="3", unit=":PCE", **values):
        line = (f"LIN+1+{action}+{SCREWS}:EN", f"QTY+113:{quantity}{unit}", *more)
        return self.answer(*line, **values)

    def ordered(self):
        return self.proposal.purchase_order_ids.order_line.mapped("product_qty")

    def assert_waits(self, message, reason):
        self.assertEqual((message.state, self.proposal.state), ("done", "sent"))
        self.assertFalse(self.ordered())
        self.assertIn(reason, self.proposal.note)
        self.assertEqual(self.proposal.activity_ids.user_id, self.buyer)
        self.assertIn("waits for the buyer", message.outcome)

    def test_confirmed_it_is_ordered_at_once_in_the_buyers_name(self):
        message = self.answer(function="29")
        order = self.proposal.purchase_order_ids
        self.assertEqual((message.state, message.kind), ("done", "ordrsp"))
        self.assertEqual((order.state, order.user_id), ("purchase", self.buyer))
        self.assertEqual(self.ordered(), [100])
        self.assertIn(order.name, message.outcome)
        self.assertEqual(message.proposal_ids, self.proposal)
        self.assertEqual(message.agreement_ids, self.agreement)
        self.assertEqual(self.agreement.edi_message_count, 1)

    def test_confirmed_with_another_quantity_is_a_contradiction(self):
        message = self.change("40", action="5", function="29")
        self.assert_error(message, "contradiction", "names 40 of")
        self.assertEqual(self.proposal.state, "sent")
        self.assertEqual(message.activity_ids.user_id, self.buyer)

    def test_less_is_ordered(self):
        self.assertEqual(self.change("40").state, "done")
        self.assertEqual(self.ordered(), [40])

    def test_more_than_fits_waits(self):
        self.assert_waits(self.change("101"), "more than the 100 that fit")

    def test_a_price_above_the_proposals_waits(self):
        message = self.change("40", "PRI+AAA:2.5")
        self.assert_waits(message, "names a price of")
        self.proposal.action_approve()
        self.assertEqual(self.ordered(), [40])

    def test_a_price_above_the_agreed_one_waits(self):
        self.agreement.line_ids.agreed_price = 1.9
        self.assert_waits(self.change("40", "PRI+AAA:1.95"), "above")

    def test_the_same_price_does_not_wait(self):
        self.change("40", "PRI+AAA:2")
        self.assertEqual(self.ordered(), [40])

    def test_a_price_in_another_currency_waits(self):
        message = self.change("40", "PRI+AAA:2", more=("CUX+2:USD:9",))
        self.assert_waits(message, "its price is in USD")

    def test_an_email_proves_no_sender(self):
        self.assert_waits(self.answer(function="29", channel="mail"), "proves no sender")

    def test_a_refusal_by_email_waits_too(self):
        message = self.answer(function="27", channel="mail", more=("FTX+AAI+++Mill closed",))
        self.assert_waits(message, "Mill closed")

    def test_refused_with_the_reason(self):
        message = self.answer(function="27", more=("FTX+AAI+++Mill closed",))
        self.assertEqual((message.state, self.proposal.state), ("done", "refused"))
        self.assertEqual(self.proposal.end_reason, "Acme Fasteners: Mill closed")

    def test_all_lines_refused_is_a_refusal(self):
        self.answer(f"LIN+1+7+{SCREWS}:EN")
        self.assertEqual(self.proposal.state, "refused")
        self.assertIn("Refused by EDI", self.proposal.end_reason)

    def test_a_dozen_is_twelve(self):
        self.change("5", unit=":DZN")
        self.assertEqual(self.ordered(), [60])

    def test_a_decimal_comma(self):
        line = (f"LIN+1+3+{SCREWS}:EN", "QTY+113:2,5:DZN", "PRI+AAA:1,99")
        [message] = self.receive(response(*line, proposal=self.proposal.name), una="UNA:+,? '")
        self.assertEqual((message.state, self.ordered()), ("done", [30]))

    def test_without_una_either_mark_and_with_it_that_one(self):
        wrong = self.receive(
            response(f"LIN+1+3+{SCREWS}:EN", "QTY+113:40,5", proposal=self.proposal.name)
        )
        self.assert_error(wrong, "bad_number", "40,5")
        self.assertEqual((wrong.error_ids.tag, wrong.error_ids.segment), ("QTY", 9))

    def test_by_the_buyers_and_the_vendors_number(self):
        for number in ("SCR-1:IN", "a-77:SA"):
            message = self.receive(
                response("LIN+1+3", f"PIA+1+{number}", "QTY+113:200", proposal=self.proposal.name),
                reference=number,
            )
            self.assertEqual((message.state, self.line.vendor_qty), ("done", 200))
            self.line.sudo().vendor_qty = 1
            message.sudo().document_ref = False

    def test_numbers_of_different_products(self):
        nails = self.make_product("Nails", self.vendor)
        nails.sudo().default_code = "NAI-1"
        self.agreement.line_ids.create(
            {"agreement_id": self.agreement.id, "product_id": nails.id, "max_qty": 5}
        )
        self.proposal.sudo().line_ids.copy(
            {"proposal_id": self.proposal.id, "line_id": self.agreement.line_ids[1].id}
        )
        message = self.answer(f"LIN+1+3+{SCREWS}:EN", "PIA+1+NAI-1:IN", "QTY+113:1")
        self.assert_error(message, "ambiguous_item", "NAI-1")

    def test_each_wrong_line_is_named(self):
        message = self.answer(
            "LIN+1+3+999:EN", "QTY+113:1", f"LIN+2+3+{SCREWS}:EN", "QTY+113:1:KGM",
            "LIN+3+3+998:EN", "QTY+113:1",
        )  # fmt: skip
        self.assertEqual(self.codes(message), ["unknown_item", "wrong_unit", "unknown_item"])
        self.assertEqual(message.error_ids.mapped("segment"), [8, 10, 12])
        self.assertEqual(self.line.vendor_qty, 100)

    def test_what_is_not_there(self):
        foreign = self.propose(self.others)
        for reference in ("P99999", foreign.name):
            message = self.receive(
                response(function="29", number=f"N{reference}", proposal=reference),
                reference=reference,
            )
            self.assert_error(message, "unknown_proposal", reference)
        self.assertEqual(foreign.state, "sent")

    def test_what_is_decided_cannot_be_answered(self):
        self.proposal.action_refuse("no")
        message = self.answer(function="29")
        self.assert_error(message, "said", "cannot be answered any more")

    def test_an_error_is_carried_out_once_its_cause_is_mended(self):
        self.screws.sudo().barcode = False
        message = self.change("40")
        self.assert_error(message, "unknown_item")
        self.screws.sudo().barcode = SCREWS
        message.with_user(self.buyer).action_retry()
        self.assertEqual((message.state, self.ordered()), ("done", [40]))
        self.assertFalse(message.error_ids)
        self.assertFalse(message.activity_ids)

    def test_an_error_may_be_dismissed(self):
        message = self.change("x")
        message.with_user(self.buyer).action_dismiss()
        self.assertEqual((message.state, len(message.activity_ids)), ("dismissed", 0))

    def test_unasked_it_becomes_a_proposal_that_waits(self):
        self.proposal.action_refuse("for this test")
        self.agreement.decision = "automatic"
        line = (f"LIN+1+1+{SCREWS}:EN", "QTY+21:130:PCE", "PRI+AAA:2.1")
        message = self.receive(response(*line, agreement=self.agreement.name))
        offered = message.proposal_ids
        self.assertEqual((message.state, offered.state), ("done", "draft"))
        self.assertEqual(offered.line_ids.vendor_qty, 130)
        self.assertEqual(offered.line_ids.suggested_qty, 100)
        self.assertIn("nobody asked", offered.note)
        self.assertIn("above the maximum", offered.limit_note)
        self.assertIn("names a price of", offered.note)
        self.assertEqual(offered.activity_ids.user_id, self.buyer)
        # No schedule orders it.
        self.assertNotIn(offered, self.env["vmi.proposal"].sudo()._search_undecided())
        offered.action_approve()
        self.assertEqual(offered.purchase_order_ids.order_line.product_qty, 130)

    def test_unasked_the_agreement_is_found_by_its_place(self):
        other = self.make_agreement(
            (self.make_product("Nails", self.vendor), 1, 2), decision="vendor"
        )
        line = (f"LIN+1+1+{SCREWS}:EN", "QTY+113:1")
        message = self.receive(response(*line))
        self.assert_error(message, "which_agreement", "There are 2")
        self.warehouse.partner_id.sudo().global_location_number = VENDOR
        message = self.receive(response(*line, more=(f"NAD+DP+{VENDOR}::9",)), reference="IC2")
        # Both keep the same place.
        self.assert_error(message, "which_agreement")
        other.action_close()
        message.action_retry()
        self.assertEqual((message.state, message.agreement_ids), ("done", self.agreement))

    def test_an_agreement_that_is_not_exchanged(self):
        other = self.make_agreement(
            (self.make_product("Nails", self.vendor), 1, 2), decision="vendor"
        )
        self.edi.agreement_ids = other
        self.assert_error(self.answer(function="29"), "unknown_proposal")

    def test_what_is_not_taken(self):
        self.edi.takes_responses = False
        self.assert_error(self.answer(function="29"), "not_taken", "ORDRSP")
