from odoo.exceptions import MissingError, UserError

from .common import VendorCase


class TestAnswers(VendorCase):
    """Acme is asked for 100 screws: 20 are there, the minimum is 60 and the maximum 120."""

    def setUp(self):
        super().setUp()
        self.proposal = self.propose()
        self.line = self.proposal.line_ids
        self.vendor_of_screws = self.served(self.anna)

    def answer(self, quantity, user=None):
        return self.served(user or self.anna).answer_proposal(
            self.proposal.id, [{"line_id": self.line.id, "quantity": quantity}]
        )

    def ordered(self):
        return self.proposal.purchase_order_ids.order_line.mapped("product_qty")

    def assert_waits(self, quantity, reason):
        self.assertEqual(self.answer(quantity)["state"], "waiting")
        self.assertEqual(self.proposal.state, "sent")
        self.assertFalse(self.ordered())
        self.assertEqual(self.line.approved_qty, quantity)
        self.assertIn(reason, self.proposal.note)
        activity = self.proposal.activity_ids
        self.assertEqual(activity.user_id, self.buyer)

    def test_as_proposed_it_is_ordered_at_once(self):
        answer = self.vendor_of_screws.answer_proposal(self.proposal.id)
        order = self.proposal.purchase_order_ids
        self.assertEqual(answer, {"state": "ordered", "orders": order.mapped("name")})
        self.assertEqual((order.state, self.ordered()), ("purchase", [100]))
        self.assertEqual(order.user_id, self.buyer)
        self.assertEqual(self.proposal.answered_by_id, self.anna)
        self.assertFalse(self.proposal.activity_ids)

    def test_less_is_within_the_limits(self):
        self.assertEqual(self.answer(40)["state"], "ordered")
        self.assertEqual(self.ordered(), [40])

    def test_more_than_fits_waits_for_the_buyer(self):
        self.assert_waits(101, "more than the 100 that fit")
        self.proposal.action_approve()
        self.assertEqual(self.ordered(), [101])

    def test_the_vendor_may_change_an_answer_that_waits(self):
        self.assert_waits(150, "more than the 100 that fit")
        self.assertEqual(self.answer(100)["state"], "ordered")
        self.assertEqual(self.ordered(), [100])

    def test_what_is_no_whole_multiple_waits(self):
        self.line.sudo().multiple_qty = 10
        self.assert_waits(55, "no whole multiple of 10")

    def test_a_price_above_the_agreed_one_waits(self):
        self.agreement.line_ids.agreed_price = 1.5
        self.assert_waits(100, "above the agreed one")

    def test_a_price_that_rose_since_waits(self):
        self.screws.sudo().seller_ids.price = 3
        self.assert_waits(100, "changed")

    def test_the_approval_limit_holds(self):
        self.agreement.approval_limit_value = 150
        self.assert_waits(100, "over the approval limit")

    def test_within_the_approval_limit(self):
        self.agreement.approval_limit_value = 150
        self.assertEqual(self.answer(70)["state"], "ordered")

    def test_the_limit_by_days_holds(self):
        self.agreement.approval_limit_days = 5
        self.line.sudo().daily_demand = 1
        self.assert_waits(100, "days of supply")

    def test_the_buyers_own_limit_holds(self):
        self.company.sudo().write({"po_double_validation": "two_step"})
        self.company.sudo().po_double_validation_amount = 50
        self.assertEqual(self.answer(100)["state"], "ordered")
        # As with every order that the buyer confirms.
        self.assertEqual(self.proposal.purchase_order_ids.state, "to approve")
        self.assertEqual(self.served(self.anna).get_orders()["total"], 0)

    def test_an_agreement_may_leave_it_to_the_buyer(self):
        self.agreement.takes_vendor_answers = False
        self.assert_waits(100, "leaves it to the buyer")

    def test_what_cannot_be_ordered_is_told_to_the_buyer_alone(self):
        self.screws.sudo().seller_ids.unlink()
        answer = self.answer(100)
        self.assertEqual(answer, {"state": "waiting", "orders": []})
        self.assertIn("price", self.proposal.note)

    def test_refused_with_the_reason(self):
        refused = self.vendor_of_screws.refuse_proposal(self.proposal.id, "The mill is closed")
        self.assertEqual(refused, {"state": "refused"})
        self.assertEqual(self.proposal.state, "refused")
        self.assertEqual(self.proposal.end_reason, "Acme Fasteners: The mill is closed")
        self.assertIn("The mill is closed", self.proposal.activity_ids.note)
        for reason in ("", "  ", None, 7):
            with self.assertRaises(UserError):
                self.vendor_of_screws.refuse_proposal(self.propose().id, reason)

    def test_nothing_at_all_is_a_refusal(self):
        with self.assertRaisesRegex(UserError, "refuse the proposal"):
            self.answer(0)

    def test_what_is_no_quantity(self):
        for quantity in (-1, float("nan"), float("inf"), 1e12, "7", None, True, [1]):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.answer(quantity)
        self.assertFalse(self.line.answered_at)
        for quantities in ("x", [1], [{}], [{"line_id": self.line.id}], {"a": 1}):
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.vendor_of_screws.answer_proposal(self.proposal.id, quantities)

    def test_after_the_last_day_it_cannot_be_answered(self):
        self.proposal.sudo().date_expiry = "2020-01-01"
        with self.assertRaisesRegex(UserError, "cannot be answered any more"):
            self.answer(100)
        self.assertFalse(self.vendor_of_screws.get_proposal(self.proposal.id)["is_answerable"])
        self.assertEqual(self.vendor_of_screws._count_open(), 0)

    def test_what_is_decided_cannot_be_answered(self):
        self.proposal.action_refuse("no")
        with self.assertRaises(UserError):
            self.answer(100)

    def test_who_may_only_see(self):
        self.access.can_answer = False
        self.assertEqual(self.vendor_of_screws.get_proposals()["total"], 1)
        with self.assertRaises(MissingError):
            self.answer(100)
        with self.assertRaises(MissingError):
            self.vendor_of_screws.post_message(self.proposal.id, "Hello")

    def test_a_transfer_and_the_buyers_own_drafts_are_not_the_vendors(self):
        nails = self.make_product("Nails", self.vendor)
        agreement = self.make_agreement((nails, 10, 20), decision="buyer")
        draft = agreement.review()
        found = self.vendor_of_screws.get_proposals()["lines"]
        self.assertEqual([one["name"] for one in found], [self.proposal.name])
        with self.assertRaises(MissingError):
            self.vendor_of_screws.get_proposal(draft.id)

    def test_messages_go_both_ways(self):
        sent = self.vendor_of_screws.post_message(
            self.proposal.id, "<b>When?</b>", [{"name": "plan.txt", "data": "aGVsbG8="}]
        )
        message = self.env["mail.message"].sudo().browse(sent["message_id"])
        self.assertIn(self.buyer.partner_id, message.partner_ids)
        self.assertIn("&lt;b&gt;", message.body)
        self.proposal.message_post(
            body="On Monday", message_type="comment", subtype_xmlid="mail.mt_comment"
        )
        first, second = self.vendor_of_screws.get_messages(self.proposal.id)
        self.assertEqual((first["body"], first["is_own"]), ("<b>When?</b>", True))
        self.assertEqual((second["body"], second["author"]), ("On Monday", self.buyer.name))
        [file] = first["attachments"]
        data = self.vendor_of_screws.get_attachment(self.proposal.id, file["attachment_id"])
        self.assertEqual((data["name"], data["data"]), ("plan.txt", "aGVsbG8="))

    def test_what_is_no_message(self):
        for body, files in (
            ("", None),
            ("x" * 5000, None),
            (7, None),
            ("x", [{"name": "a", "data": "no base 64"}]),
            ("x", [{"name": "a", "data": "aGVsbG8="}] * 11),
            ("x", "files"),
        ):
            with self.assertRaises(UserError):
                self.vendor_of_screws.post_message(self.proposal.id, body, files)
