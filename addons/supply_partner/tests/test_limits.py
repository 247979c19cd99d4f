from odoo.fields import Command
from odoo.tests import Form

from .common import VmiCase


class TestLimits(VmiCase):
    """Whoever set a quantity over the limits, the buyer is told before it is ordered."""

    def propose(self, **vals):
        return self.make_agreement((self.screws, 5, 10), **vals).review()

    def tell(self, proposals):
        """Return the question that an approval leads to, as the buyer sees it."""
        action = proposals.action_approve()
        self.assertEqual(action["res_model"], "vmi.proposal.approval")
        self.assertFalse(proposals.purchase_order_ids)
        return Form(self.env[action["res_model"]].with_context(**action["context"]))

    def ordered(self, proposals):
        return proposals.purchase_order_ids.order_line.mapped("product_qty")

    def test_what_the_vendor_answers_over_the_maximum_is_told_and_then_ordered(self):
        proposal = self.propose(decision="vendor")
        proposal.line_ids.vendor_qty = 500
        words = "Screws would come to 500, above the maximum of 10"
        self.assertIn(words, proposal.line_ids.limit_note)
        self.assertIn(words, proposal.limit_note)
        question = self.tell(proposal)
        self.assertIn(words, question.reasons)
        question.save().action_approve()
        self.assertEqual(self.ordered(proposal), [500])

    def test_whatever_a_client_says_to_have_shown_it_is_told_first(self):
        proposal = self.propose()
        proposal.line_ids.approved_qty = 20
        for shown in (False, [1], "x", {"x": 1}):
            question = (
                self.env["vmi.proposal.approval"]
                .with_context(active_model="vmi.proposal", active_ids=proposal.ids)
                .create({"quantities": shown})
            )
            self.assertEqual(question.action_approve()["res_model"], "vmi.proposal.approval")
        self.assertFalse(self.ordered(proposal))

    def test_what_changes_after_it_was_told_is_told_anew(self):
        proposal = self.propose()
        proposal.line_ids.approved_qty = 20
        question = self.tell(proposal)
        proposal.line_ids.approved_qty = 500
        self.assertEqual(question.save().action_approve()["res_model"], "vmi.proposal.approval")
        self.assertFalse(self.ordered(proposal))

    def test_what_was_proposed_and_less_is_simply_ordered(self):
        for quantity in (10, 7):
            proposal = self.propose()
            proposal.line_ids.approved_qty = quantity
            self.assertFalse(proposal.limit_note)
            proposal.action_approve()
            self.assertEqual(self.ordered(proposal), [quantity])
            proposal.purchase_order_ids.button_cancel()
            proposal.agreement_id.action_close()

    def test_rounding_up_is_not_over_the_maximum(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.screws.sudo().seller_ids.product_uom_id = dozen
        proposal = self.propose()
        proposal.action_approve()
        self.assertEqual(self.ordered(proposal), [1])

    def test_all_at_once_tell_of_each_and_order_nothing_before(self):
        bolts = self.make_product("Bolts", self.vendor)
        agreement = self.make_agreement((self.screws, 5, 10))
        first = agreement.review()
        agreement.line_ids = [Command.create({"product_id": bolts.id, "min_qty": 5, "max_qty": 10})]
        second = agreement.review()
        second.line_ids.approved_qty = 11
        question = self.tell(first | second)
        self.assertIn("Bolts would come to 11", question.reasons)
        self.assertNotIn("Screws", question.reasons)
        question.save().action_approve()
        self.assertCountEqual(self.ordered(first | second), [10, 11])

    def test_an_imported_answer_is_held_to_the_limits(self):
        proposal = self.propose(decision="vendor")
        self.env["vmi.proposal.line"].load(
            [".id", "vendor_qty"], [[str(proposal.line_ids.id), "500"]]
        )
        self.assertEqual(proposal.line_ids.approved_qty, 500)
        self.tell(proposal)

    def test_automatic_never_takes_it(self):
        proposal = self.propose()
        proposal.line_ids.vendor_qty = 500
        proposal.agreement_id.decision = "automatic"
        proposal._search_undecided()._decide_automatically()
        self.assertEqual((proposal.state, proposal.is_over_limit), ("draft", True))
        self.assertIn("above the maximum of 10", proposal.note)
        self.assertEqual(proposal.activity_ids.user_id, self.buyer)
        # The activity told the buyer; what is changed since, it did not.
        proposal.line_ids.approved_qty = 600
        self.tell(proposal)
        proposal.line_ids.approved_qty = 500
        proposal.action_approve()
        self.assertEqual(self.ordered(proposal), [500])

    def test_less_than_the_minimum_order_value_is_told(self):
        proposal = self.propose(minimum_order_value=20)
        proposal.line_ids.approved_qty = 9
        self.assertIn("below the minimum order value", self.tell(proposal).reasons)

    def test_more_than_another_place_was_to_give_is_told(self):
        north = self.env["stock.warehouse"].sudo().create(
            {"name": "North", "code": "NOR", "company_id": self.company.id}
        )  # fmt: skip
        self.put(self.screws, 300, north.lot_stock_id)
        self.make_agreement((self.screws, 5, 10), warehouse_id=north.id)
        proposal = self.propose()
        self.assertEqual(proposal.kind, "transfer")
        proposal.line_ids.approved_qty = 50
        question = self.tell(proposal)
        self.assertFalse(proposal.picking_ids)
        question.save().action_approve()
        self.assertEqual(proposal.picking_ids.sudo().move_ids.product_uom_qty, 50)
