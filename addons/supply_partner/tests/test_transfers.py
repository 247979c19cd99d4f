from datetime import timedelta

from odoo.exceptions import UserError

from .common import VmiCase


class TestTransfers(VmiCase):
    """What another place has too much of comes before a purchase, and is given once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.north, cls.south = (
            cls.env["stock.warehouse"].sudo().create(
                {"name": name, "code": name[:3].upper(), "company_id": cls.company.id}
            )
            for name in ("North", "South")
        )  # fmt: skip

    def keep(self, warehouse, on_hand, minimum=60, maximum=120, **vals):
        """Return a running agreement at a warehouse that has some screws on hand."""
        if on_hand:
            self.put(self.screws, on_hand, warehouse.lot_stock_id)
        return self.make_agreement(
            (self.screws, minimum, maximum), warehouse_id=warehouse.id, **vals
        )

    def quantities(self, proposals):
        return [(line.proposal_id.kind, line.suggested_qty) for line in proposals.line_ids]

    def given(self, proposals):
        return {
            line.source_location_id.warehouse_id.name: line.suggested_qty
            for line in proposals.line_ids.filtered("source_line_id")
        }

    def test_a_surplus_covers_all_and_nothing_is_bought(self):
        there = self.keep(self.north, 300)
        here = self.keep(self.warehouse, 31)
        proposal = here.review()
        self.assertEqual(self.quantities(proposal), [("transfer", 89)])
        self.assertEqual(proposal.line_ids.source_location_id, self.north.lot_stock_id)
        self.assertIn(
            "31 on hand, minimum 60; to 120; NOR/Stock has 300, maximum 120: 89 from there",
            proposal.line_ids.explanation,
        )
        # The need stays what Odoo would order.
        self.assertEqual(here.line_ids.order_qty, 89)
        self.assertEqual(there.line_ids.stock_status, "above")

    def test_a_part_is_transferred_and_the_rest_is_bought(self):
        self.keep(self.north, 150)
        proposals = self.keep(self.warehouse, 39).review()
        self.assertEqual(self.quantities(proposals), [("transfer", 30), ("purchase", 51)])
        self.assertIn(
            "39 on hand, minimum 60; to 120, 30 of it from other locations: 51",
            proposals[1].line_ids.explanation,
        )
        self.assertEqual(proposals[1].amount, 102)
        self.assertEqual(proposals[0].amount, 0)

    def test_the_rest_is_in_whole_boxes_at_the_price_of_that_quantity(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.add_seller(self.screws, self.vendor, price=1.5, min_qty=80)
        self.keep(self.north, 150)
        proposals = self.make_agreement(
            {
                "product_id": self.screws.id,
                "min_qty": 60,
                "max_qty": 120,
                "replenishment_uom_id": dozen.id,
            }
        ).review()
        # 120 are missing; 30 come, and 90 are eight dozen.
        self.assertEqual(self.quantities(proposals), [("transfer", 30), ("purchase", 96)])
        self.assertEqual(proposals[1].line_ids.unit_price, 1.5)
        self.screws.sudo().seller_ids.filtered("min_qty").min_qty = 100
        proposals.action_refuse()
        proposals[0].sudo().date_expiry = "2020-01-01"
        proposals = proposals.agreement_id.review()
        self.assertEqual(proposals[1].line_ids.unit_price, 2)

    def test_two_places_give_the_larger_surplus_first(self):
        self.keep(self.north, 150)
        self.keep(self.south, 180)
        proposals = self.keep(self.warehouse, 0).review()
        self.assertEqual(self.given(proposals), {"South": 60, "North": 30})
        self.assertEqual(self.quantities(proposals)[-1], ("purchase", 30))
        transfer = proposals[0]
        transfer.action_approve()
        self.assertEqual(len(transfer.picking_ids), 2)

    def test_two_that_want_the_same_surplus_do_not_get_it_twice(self):
        self.keep(self.north, 200)
        low, out = self.keep(self.warehouse, 50), self.keep(self.south, 0)
        proposals = (low | out).review()
        transfers = proposals.filtered(lambda proposal: proposal.kind == "transfer")
        # What is out comes first: all of the 80, of its 120.
        self.assertEqual(transfers.agreement_id, out)
        self.assertEqual(transfers.line_ids.suggested_qty, 80)
        bought = {p.agreement_id: p.line_ids.suggested_qty for p in proposals - transfers}
        self.assertEqual(bought, {low: 70, out: 40})

    def test_what_is_promised_to_one_is_not_promised_to_the_next(self):
        there = self.keep(self.north, 200)
        first = self.keep(self.warehouse, 70, minimum=90).review()
        self.assertEqual(self.given(first), {"North": 50})
        second = self.keep(self.south, 0).review()
        self.assertEqual(self.given(second), {"North": 30})
        there.line_ids._measure()
        self.assertEqual(there.line_ids.position_qty, 120)
        in_progress = self.screws._get_quantity_in_progress(
            location_ids=self.north.lot_stock_id.ids
        )[0]
        self.assertEqual(in_progress[self.screws.id, self.north.lot_stock_id.id], -80)

    def test_reviewed_twice_nothing_is_proposed_twice(self):
        self.keep(self.north, 150)
        here = self.keep(self.warehouse, 0)
        proposals = here.review()
        self.assertFalse(here.review())
        proposals.action_approve()
        self.assertFalse(here.review())
        self.assertEqual((here.line_ids.incoming_qty, here.line_ids.rfq_qty), (30, 90))

    def test_approved_it_is_a_transfer_of_odoo_and_arrives(self):
        there, here = self.keep(self.north, 300), self.keep(self.warehouse, 20)
        proposal = here.review()
        proposal.action_approve()
        picking = proposal.picking_ids.sudo()
        self.assertEqual(proposal.state, "ordered")
        self.assertEqual(picking.picking_type_id, self.north.int_type_id)
        self.assertEqual((picking.location_id, picking.location_dest_id),
                         (self.north.lot_stock_id, self.stock.sudo()))  # fmt: skip
        self.assertEqual((picking.state, picking.move_ids.product_uom_qty), ("assigned", 100))
        self.assertIn(proposal.name, picking.origin)
        self.assertEqual(here.transfer_count, 1)
        picking.move_ids.write({"quantity": 100, "picked": True})
        picking.button_validate()
        (here | there).line_ids._measure()
        self.assertEqual((here | there).line_ids.mapped("on_hand_qty"), [120, 200])
        self.assertFalse(here.review())

    def test_a_back_order_is_the_proposal_s_and_a_copy_is_not(self):
        self.keep(self.north, 300)
        proposal = self.keep(self.warehouse, 20).review()
        proposal.action_approve()
        picking = proposal.picking_ids.sudo()
        self.assertFalse(picking.copy().vmi_proposal_id)
        picking.move_ids.write({"quantity": 60, "picked": True})
        picking.with_context(skip_backorder=True).button_validate()
        self.assertEqual(picking.backorder_ids.vmi_proposal_id, proposal)
        self.assertEqual(picking.backorder_ids.move_ids.product_uom_qty, 40)

    def test_a_cancelled_transfer_is_proposed_again(self):
        self.keep(self.north, 300)
        here = self.keep(self.warehouse, 20)
        proposal = here.review()
        proposal.action_approve()
        proposal.picking_ids.sudo().action_cancel()
        self.assertEqual(self.quantities(here.review()), [("transfer", 100)])

    def test_a_refused_transfer_is_bought_until_it_would_have_expired(self):
        self.keep(self.north, 300)
        here = self.keep(self.warehouse, 20)
        transfer = here.review()
        transfer.action_refuse("North needs it for the fair.")
        purchase = here.review()
        self.assertEqual(self.quantities(purchase), [("purchase", 100)])
        purchase.action_refuse()
        transfer.sudo().date_expiry = "2020-01-01"
        self.assertEqual(self.quantities(here.review()), [("transfer", 100)])

    def test_a_place_gives_no_more_than_it_really_holds_above_its_minimum(self):
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.move(self.screws, 200, supplier, self.north.lot_stock_id, days=1)
        # 75 on hand and 200 to come: 155 above the maximum, but 15 above the minimum.
        self.keep(self.north, 75)
        proposals = self.keep(self.warehouse, 0).review()
        self.assertEqual(self.given(proposals), {"North": 15})

    def test_what_is_gone_meanwhile_is_not_transferred(self):
        there = self.keep(self.north, 300)
        proposal = self.keep(self.warehouse, 20).review()
        self.put(self.screws, -250, self.north.lot_stock_id)
        with self.assertRaisesRegex(UserError, "NOR/Stock has only 50 left"):
            proposal.action_approve()
        proposal.line_ids.approved_qty = 50
        there.action_suspend()
        with self.assertRaisesRegex(UserError, f"{there.name} does not run any more"):
            proposal.action_approve()
        there.action_resume()
        proposal.action_approve()
        self.assertEqual(proposal.picking_ids.sudo().move_ids.product_uom_qty, 50)

    def test_an_automatic_agreement_makes_the_transfer_itself(self):
        self.keep(self.north, 150)
        proposals = self.keep(self.warehouse, 0, decision="automatic").review()
        self.assertEqual(proposals.mapped("state"), ["ordered", "ordered"])
        self.assertEqual(proposals[0].picking_ids.sudo().state, "assigned")
        self.assertEqual(proposals[1].purchase_order_ids.order_line.product_qty, 90)

    def test_the_vendor_has_no_part_in_it(self):
        self.keep(self.north, 150)
        proposals = self.keep(self.warehouse, 0, decision="vendor").review()
        self.assertEqual(proposals.mapped("state"), ["draft", "sent"])
        with self.assertRaisesRegex(UserError, "no part in a transfer"):
            proposals[0].line_ids.vendor_qty = 5
        proposals[0].action_approve()
        self.assertEqual(proposals.mapped("state"), ["ordered", "sent"])

    def test_a_small_rest_is_held_and_the_transfer_is_not(self):
        self.keep(self.north, 150)
        here = self.keep(self.warehouse, 39, minimum_order_value=103)
        self.assertEqual(self.quantities(here.review()), [("transfer", 30)])
        self.assertEqual(here.held_value, 102)

    def test_switched_off_on_either_side_nothing_is_shared(self):
        there = self.keep(self.north, 300)
        here = self.keep(self.warehouse, 20)
        for agreement in (there, here):
            agreement.shares_surplus = False
            proposal = here.review()
            self.assertEqual(self.quantities(proposal), [("purchase", 100)])
            proposal.action_refuse()
            agreement.shares_surplus = True
        there.action_suspend()
        self.assertEqual(self.quantities(here.review()), [("purchase", 100)])

    def test_another_company_never_gives(self):
        other = self.make_company("Southwind")
        buyer = self.make_buyer("vmi south", other)
        place = self.warehouse_of(other).sudo().lot_stock_id
        self.put(self.screws, 500, place)
        there = (
            self.env["vmi.agreement"]
            .with_user(buyer)
            .with_context(allowed_company_ids=other.ids)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": other.id,
                    "user_id": buyer.id,
                    "line_ids": [
                        (0, 0, {"product_id": self.screws.id, "min_qty": 60, "max_qty": 120})
                    ],
                }
            )
        )
        there.action_start()
        here = self.keep(self.warehouse, 20)
        root = self.env["vmi.agreement"].with_user(1).with_context(
            allowed_company_ids=(self.company + other).ids
        )  # fmt: skip
        proposals = root.browse((here + there).ids).review()
        self.assertEqual(self.quantities(proposals), [("purchase", 100)])

    def test_a_transfer_that_was_put_off_is_not_proposed_a_second_time(self):
        there, here = self.keep(self.north, 300), self.keep(self.warehouse, 20)
        proposal = here.review()
        proposal.action_approve()
        proposal.picking_ids.sudo().move_ids.date += timedelta(days=90)
        self.assertFalse(here.review())
        there.line_ids._measure()
        self.assertEqual((here | there).line_ids.mapped("position_qty"), [120, 200])

    def test_what_a_delivery_wants_meanwhile_is_not_transferred_though_not_reserved(self):
        self.keep(self.north, 300)
        proposal = self.keep(self.warehouse, 20).review()
        self.north.out_type_id.reservation_method = "manual"
        delivery = self.move(self.screws, 250, self.north.lot_stock_id, self.customers)
        self.assertEqual(delivery.state, "confirmed")
        with self.assertRaisesRegex(UserError, "NOR/Stock has only 50 left"):
            proposal.action_approve()
