from datetime import timedelta

from odoo.exceptions import UserError
from odoo.fields import Command, Date

from .common import VmiCase


class TestOrdering(VmiCase):
    """What is approved becomes an order as Odoo would make it, or says why it cannot."""

    def proposal(self, *lines, **vals):
        return self.make_agreement(*(lines or [(self.screws, 60, 120)]), **vals).review()

    def test_the_order_has_the_vendor_s_price_and_the_agreement(self):
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        self.assertEqual(proposal.state, "ordered")
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.vmi_agreement_id, proposal.agreement_id)
        self.assertEqual(order.user_id, self.buyer)
        self.assertEqual(order.partner_id, self.vendor)
        line = order.order_line
        self.assertEqual((line.product_qty, line.price_unit), (120, 2))
        self.assertEqual(line.orderpoint_id, proposal.line_ids.line_id.orderpoint_id)
        self.assertFalse(proposal.agreement_id.review())

    def test_a_changed_quantity_is_ordered(self):
        proposal = self.proposal()
        proposal.line_ids.approved_qty = 70
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.product_qty, 70)

    def test_it_is_decided_once(self):
        proposal = self.proposal()
        proposal.action_approve()
        for decide in (proposal.action_approve, proposal.action_refuse):
            with self.assertRaisesRegex(UserError, "is ordered already"):
                decide()
        with self.assertRaisesRegex(UserError, "stay as they are"):
            proposal.line_ids.approved_qty = 5

    def test_an_ordered_one_stays_for_the_history(self):
        manager = self.make_buyer("vmi manager", self.company, "purchase.group_purchase_manager")
        proposal = self.proposal()
        proposal.action_approve()
        with self.assertRaisesRegex(UserError, "was ordered: it is kept"):
            proposal.with_user(manager).unlink()
        proposal = self.make_agreement((self.make_product("Bolts", self.vendor), 6, 12)).review()
        proposal.action_refuse()
        proposal.with_user(manager).unlink()
        self.assertFalse(proposal.exists())

    def test_a_cheaper_vendor_does_not_get_the_order(self):
        cheap = self.make_vendor("Cheap & Co")
        self.add_seller(self.screws, cheap, price=0.5, delay=1, sequence=0)
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        self.assertEqual(order.partner_id, self.vendor)
        self.assertEqual(order.order_line.price_unit, 2)

    def test_without_a_valid_row_nothing_is_ordered_from_anybody(self):
        cheap = self.make_vendor("Cheap & Co")
        self.add_seller(self.screws, cheap, price=0.5)
        proposal = self.proposal()
        row = self.screws.sudo().seller_ids.filtered(lambda s: s.partner_id == self.vendor)
        row.date_end = "2020-01-01"
        with self.assertRaisesRegex(UserError, "Screws: Acme Fasteners has no valid price"):
            proposal.action_approve()
        row.unlink()
        with self.assertRaisesRegex(UserError, "Screws: Acme Fasteners has no valid price"):
            proposal.action_approve()
        self.assertFalse(
            self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        )

    def test_less_than_the_vendor_sells_is_refused_with_the_least(self):
        bolts = self.make_product("Bolts", self.vendor, min_qty=100)
        proposal = self.proposal((bolts, 60, 120))
        proposal.line_ids.approved_qty = 99
        with self.assertRaisesRegex(UserError, "sells at least 100"):
            proposal.action_approve()

    def test_what_the_vendor_gives_for_nothing_is_ordered(self):
        bolts = self.make_product("Bolts", self.vendor, price=0)
        nails = self.make_product("Nails", self.vendor, price=10, discount=100)
        proposal = self.proposal((bolts, 60, 120), (nails, 60, 120))
        proposal.action_approve()
        lines = proposal.purchase_order_ids.order_line
        self.assertEqual(lines.mapped("product_qty"), [120, 120])
        self.assertEqual(lines.mapped("price_subtotal"), [0, 0])
        # More of it in the same order is free as well.
        self.put(bolts, -100)
        proposal.agreement_id.review().action_approve()
        self.assertEqual(lines.mapped("product_qty"), [220, 120])

    def test_a_quantity_that_is_free_above_a_break_is_ordered(self):
        self.add_seller(self.screws, self.vendor, price=0, min_qty=100)
        proposal = self.proposal()
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.price_unit, 0)

    def test_what_is_free_for_want_of_a_row_or_below_zero_is_refused(self):
        proposal = self.proposal()
        row = self.screws.sudo().seller_ids
        row.price = -1
        with self.assertRaisesRegex(UserError, "Acme Fasteners has no price for 120"):
            proposal.action_approve()
        row.price = 2
        proposal.action_approve()
        # Odoo looks at the day of the order, on which the row of what joins it may be over.
        order = proposal.purchase_order_ids
        order.date_order += timedelta(days=30)
        bolts = self.make_product("Bolts", self.vendor, date_end=Date.today() + timedelta(days=2))
        proposal.agreement_id.line_ids = [
            Command.create({"product_id": bolts.id, "min_qty": 60, "max_qty": 120})
        ]
        with self.assertRaisesRegex(UserError, "Bolts: Acme Fasteners has no price"):
            proposal.agreement_id.review().action_approve()
        self.assertEqual(order.order_line.product_id, self.screws)

    def test_the_price_break_of_the_quantity_is_taken(self):
        self.add_seller(self.screws, self.vendor, price=1.5, min_qty=100)
        proposal = self.proposal()
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.price_unit, 1.5)

    def test_a_vendor_s_dozen_is_ordered_in_whole_dozens(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        bolts = self.make_product("Bolts", self.vendor, price=24, product_uom_id=dozen.id)
        proposal = self.proposal((bolts, 60, 100))
        self.assertEqual(proposal.line_ids.suggested_qty, 108)
        proposal.line_ids.approved_qty = 100
        with self.assertRaisesRegex(UserError, "not a whole number of Dozens: order 96 or 108"):
            proposal.action_approve()
        proposal.line_ids.approved_qty = 96
        proposal.action_approve()
        line = proposal.purchase_order_ids.order_line
        self.assertEqual((line.product_qty, line.product_uom_id), (8, dozen))
        self.assertEqual(line.price_unit, 24)

    def test_one_bad_product_does_not_stop_the_others(self):
        bolts = self.make_product("Bolts", self.vendor)
        proposal = self.proposal((self.screws, 60, 120), (bolts, 60, 120))
        bolts.sudo().seller_ids.date_end = "2020-01-01"
        proposal.action_approve()
        self.assertEqual(proposal.state, "ordered")
        self.assertEqual(proposal.purchase_order_ids.order_line.product_id, self.screws)
        failed = proposal.line_ids.filtered("failure")
        self.assertEqual(failed.product_id, bolts)
        # What was not ordered is not waited for.
        bolts.sudo().seller_ids.date_end = False
        again = proposal.agreement_id.review()
        self.assertEqual(again.line_ids.product_id, bolts)

    def test_two_proposals_of_a_day_share_one_open_order_and_two_agreements_do_not(self):
        bolts = self.make_product("Bolts", self.vendor)
        first = self.proposal()
        agreement = first.agreement_id
        agreement.line_ids = [Command.create({"product_id": bolts.id, "min_qty": 5, "max_qty": 10})]
        second = agreement.review()
        other = self.proposal((self.make_product("Nails", self.vendor), 5, 10))
        (first | second | other).action_approve()
        self.assertEqual(first.purchase_order_ids, second.purchase_order_ids)
        self.assertEqual(len(first.purchase_order_ids.order_line), 2)
        self.assertNotEqual(other.purchase_order_ids, first.purchase_order_ids)
        with self.assertRaises(UserError):
            (first | other).purchase_order_ids.action_merge()

    def test_another_day_of_delivery_is_another_order(self):
        first = self.proposal()
        first.action_approve()
        self.screws.sudo().seller_ids.delay = 5
        self.put(self.screws, -100)
        second = first.agreement_id.review()
        second.action_approve()
        self.assertNotEqual(first.purchase_order_ids, second.purchase_order_ids)
        self.assertEqual(first.purchase_order_ids.order_line.product_qty, 120)

    def test_odoo_s_own_orders_keep_away_from_the_agreement_s(self):
        proposal = self.proposal()
        proposal.action_approve()
        nails = self.make_product("Nails", self.vendor)
        self.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": nails.id,
                "location_id": self.stock.id,
                "product_min_qty": 5,
                "product_max_qty": 5,
                "trigger": "manual",
            }
        ).action_replenish()
        line = self.env["purchase.order.line"].search([("product_id", "=", nails.id)])
        self.assertEqual(line.product_qty, 5)
        self.assertFalse(line.order_id.vmi_agreement_id)

    def test_a_confirmed_order_is_never_altered(self):
        first = self.proposal()
        first.action_approve()
        first.purchase_order_ids.button_confirm()
        self.put(self.screws, -100)
        second = first.agreement_id.review()
        second.action_approve()
        self.assertEqual(first.purchase_order_ids.order_line.product_qty, 120)
        self.assertNotEqual(first.purchase_order_ids, second.purchase_order_ids)

    def test_a_split_receipt_leaves_the_rest_on_its_way(self):
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        self.receive(order, quantity=50)
        self.assertFalse(proposal.agreement_id.review())
        line = proposal.agreement_id.line_ids
        self.assertEqual((line.on_hand_qty, line.incoming_qty), (50, 70))

    def test_an_over_delivery_is_simply_there(self):
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        self.receive(order, quantity=130)
        self.assertFalse(proposal.agreement_id.review())
        self.assertEqual(proposal.agreement_id.line_ids.stock_status, "above")

    def test_a_receipt_that_was_put_off_is_not_ordered_a_second_time(self):
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        order.sudo().picking_ids.move_ids.date += timedelta(days=90)
        self.assertFalse(proposal.agreement_id.review())
        self.assertEqual(proposal.agreement_id.line_ids.incoming_qty, 120)

    def test_a_cancelled_order_is_proposed_again(self):
        proposal = self.proposal()
        proposal.action_approve()
        order = proposal.purchase_order_ids
        order.button_confirm()
        order.button_cancel()
        self.assertEqual(proposal.agreement_id.review().line_ids.suggested_qty, 120)

    def test_a_shelf_below_the_stock_is_ordered_for(self):
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        proposal = self.proposal((self.screws, 60, 120), location_id=shelf.id)
        proposal.action_approve()
        order = proposal.purchase_order_ids
        self.assertFalse(proposal.agreement_id.review())
        order.button_confirm()
        self.assertFalse(proposal.agreement_id.review())
        self.receive(order)
        self.assertFalse(proposal.agreement_id.review())
        self.assertEqual(proposal.agreement_id.line_ids.on_hand_qty, 120)

    def test_the_vendor_answers_first(self):
        proposal = self.proposal(decision="vendor")
        self.assertEqual(proposal.state, "sent")
        with self.assertRaisesRegex(UserError, "waits for the answer of Acme Fasteners"):
            proposal.action_approve()
        proposal.line_ids.vendor_qty = 90
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.product_qty, 90)

    def test_the_vendor_may_agree_as_proposed(self):
        proposal = self.proposal(decision="vendor")
        proposal.action_accept_as_proposed()
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.product_qty, 120)

    def test_a_price_that_differs_from_the_agreed_one_is_shown(self):
        proposal = self.proposal(
            {"product_id": self.screws.id, "min_qty": 60, "max_qty": 120, "agreed_price": 1.8}
        )
        self.assertTrue(proposal.has_price_difference)
        self.assertAlmostEqual(proposal.line_ids.price_difference, 0.2)

    def test_a_closed_agreement_orders_nothing(self):
        proposal = self.proposal()
        proposal.agreement_id.action_close()
        self.assertEqual((proposal.state, proposal.end_reason[:13]), ("refused", "The agreement"))
        with self.assertRaisesRegex(UserError, "already: nothing is left"):
            proposal.action_approve()

    def test_nothing_to_order_is_to_be_refused(self):
        proposal = self.proposal()
        proposal.line_ids.approved_qty = 0
        with self.assertRaisesRegex(UserError, "refuse it instead"):
            proposal.action_approve()

    def test_after_the_last_day_nothing_is_approved(self):
        proposal = self.proposal()
        proposal.agreement_id.date_end = "2020-01-01"
        with self.assertRaisesRegex(UserError, "set a later Last Day"):
            proposal.action_approve()
        self.assertEqual(proposal.state, "draft")

    def test_whole_pieces_are_ordered_where_that_was_asked_for(self):
        terms = {"product_id": self.screws.id, "min_qty": 5, "max_qty": 10.4}
        terms["replenishment_uom_id"] = self.screws.uom_id.id
        proposal = self.proposal(terms)
        self.assertEqual(proposal.line_ids.suggested_qty, 11)
        proposal.line_ids.approved_qty = 10.5
        with self.assertRaisesRegex(UserError, "not a whole number of Units: order 10 or 11"):
            proposal.action_approve()
