from datetime import timedelta

from .common import VmiCase


class TestChangedOrders(VmiCase):
    """What the vendor changes after the approval is seen before it is proposed again."""

    def order(self, **vals):
        agreement = self.make_agreement((self.screws, 60, 120), **vals)
        proposal = agreement.review()
        if proposal.state == "draft":
            proposal.action_approve()
        order = proposal.purchase_order_ids
        if order.state == "draft":
            order.button_confirm()
        return agreement, order

    def changes(self, agreement):
        return self.env["purchase.order.line"]._get_unseen_changes(agreement)

    def test_the_promise_is_kept_as_it_was_approved(self):
        agreement, order = self.order()
        line = order.order_line
        due = line.date_planned
        self.assertEqual((line.vmi_promised_qty, line.vmi_promised_date), (120, due))
        self.assertFalse(line.vmi_change)
        line.write({"product_qty": 100, "date_planned": due + timedelta(days=5)})
        self.assertEqual((line.vmi_promised_qty, line.vmi_promised_date), (120, due))
        self.assertEqual(agreement.changed_order_count, 1)

    def test_less_later_and_earlier_are_told_apart(self):
        _agreement, order = self.order()
        line, due = order.order_line, order.order_line.date_planned
        for vals, change, missing, days in (
            ({"date_planned": due + timedelta(days=5)}, "later", 0, 5),
            ({"date_planned": due - timedelta(days=2)}, "earlier", 0, -2),
            ({"date_planned": due, "product_qty": 96}, "less", 24, 0),
            ({"date_planned": due, "product_qty": 120}, False, 0, 0),
        ):
            line.write(vals)
            self.assertEqual(
                (line.vmi_change, line.vmi_missing_qty, line.vmi_shift_days),
                (change, missing, days),
            )

    def test_another_change_has_to_be_seen_anew(self):
        agreement, order = self.order()
        order.order_line.product_qty = 100
        self.changes(agreement).action_vmi_seen()
        self.assertEqual(agreement.changed_order_count, 0)
        order.order_line.product_qty = 90
        agreement.invalidate_recordset(["changed_order_count"])
        self.assertEqual(agreement.changed_order_count, 1)

    def test_a_receipt_without_the_rest_comes_short(self):
        _agreement, order = self.order()
        self.receive(order, quantity=70, backorder=False)
        self.assertEqual(
            (order.order_line.vmi_change, order.order_line.vmi_missing_qty), ("less", 50)
        )

    def test_a_split_receipt_and_a_return_are_no_change(self):
        _agreement, order = self.order()
        self.receive(order, quantity=70)
        self.assertFalse(order.order_line.vmi_change)
        picking = order.sudo().picking_ids.filtered(lambda each: each.state == "done")
        wizard = self.env["stock.return.picking"].sudo().create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = 10
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        self.assertFalse(order.order_line.vmi_change)

    def test_the_proposal_after_a_cancellation_says_so_and_approving_has_seen_it(self):
        agreement, order = self.order()
        order.button_cancel()
        proposal = agreement.review()
        self.assertTrue(proposal.has_changed_orders)
        self.assertEqual(proposal.line_ids.change_note, f"{order.name} was cancelled")
        proposal.action_approve()
        self.assertFalse(self.changes(agreement))

    def test_what_was_cancelled_is_not_ordered_again_by_itself(self):
        agreement, order = self.order(decision="automatic")
        order.button_cancel()
        proposal = agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn(f"{order.name} was cancelled", proposal.note)
        self.changes(agreement).action_vmi_seen()
        proposal.action_refuse()
        self.assertEqual(agreement.review().state, "ordered")

    def test_an_order_without_agreement_promises_nothing(self):
        order = self.env["purchase.order"].create({"partner_id": self.vendor.id})
        self.env["purchase.order.line"].create(
            {"order_id": order.id, "product_id": self.screws.id, "product_qty": 5}
        )
        order.button_confirm()
        order.button_cancel()
        self.assertFalse(order.order_line.vmi_change)
        self.assertFalse(order.order_line.vmi_promised_qty)

    def test_what_a_manager_cancels_instead_of_approving_is_not_ordered_again_by_itself(self):
        self.company.sudo().write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 10}
        )
        agreement, order = self.order(decision="automatic")
        self.assertEqual(order.state, "to approve")
        order.sudo().button_cancel()
        proposal = agreement.review()
        self.assertEqual(proposal.state, "draft")
        self.assertIn(f"{order.name} was cancelled", proposal.note)

    def test_an_order_taken_up_again_is_to_come_and_promises_anew(self):
        agreement, order = self.order()
        line = order.order_line
        order.button_cancel()
        order.button_draft()
        self.assertFalse(line.vmi_change)
        self.assertFalse(agreement.review())
        due = line.date_planned + timedelta(days=4)
        line.write({"product_qty": 150, "date_planned": due})
        order.button_confirm()
        self.assertEqual((line.vmi_promised_qty, line.vmi_promised_date), (150, due))
        self.assertFalse(line.vmi_change)

    def test_an_order_given_to_another_vendor_is_not_the_agreement_s_any_more(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.partner_id = self.make_vendor("Joe", is_company=False, parent_id=self.vendor.id)
        self.assertEqual(order.vmi_agreement_id, agreement)
        order.partner_id = self.make_vendor("Other & Co")
        self.assertFalse(order.vmi_agreement_id)
        # It fills the shelf all the same.
        self.assertFalse(agreement.review())
        order.button_confirm()
        self.assertFalse(order.order_line.vmi_promised_qty)

    def test_freight_on_the_order_is_nothing_to_see(self):
        freight = self.make_product("Freight", self.vendor)
        freight.sudo().type = "service"
        agreement = self.make_agreement((self.screws, 60, 120))
        proposal = agreement.review()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        self.env["purchase.order.line"].create(
            {"order_id": order.id, "product_id": freight.id, "product_qty": 1}
        )
        order.button_confirm()
        order.button_cancel()
        self.assertEqual(self.changes(agreement).product_id, self.screws)
