from odoo.exceptions import UserError
from odoo.fields import Command

from .common import VmiCase


class TestServable(VmiCase):
    """What cannot be served any more is taken out of review, and its buyer hears why."""

    def setUp(self):
        super().setUp()
        self.bolts = self.make_product("Bolts", self.vendor)
        self.agreement = self.make_agreement(
            (self.screws, 5, 10), (self.bolts, 5, 10), decision="automatic"
        )
        self.line = self.agreement.line_ids[0]

    def ordered(self):
        lines = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        return lines.mapped("product_qty")

    def activities(self):
        kind = self.env.ref("supply_partner.mail_activity_unserved")
        return self.agreement.activity_ids.filtered(lambda each: each.activity_type_id == kind)

    def check_taken_out(self, problem, words, others=10):
        """Check that it is neither proposed nor ordered, that the other product is, and why."""
        before = self.ordered()
        proposals = self.agreement.review()
        self.assertEqual(self.line.problem, problem)
        self.assertEqual(
            proposals.line_ids.product_id, self.bolts if others else self.env["product.product"]
        )
        self.assertEqual(self.ordered(), before)
        self.agreement.invalidate_recordset(["problems"])
        self.assertRegex(self.agreement.problems, f"Screws: .*{words}")
        self.assertRegex(self.activities().note, f"Screws: .*{words}")
        self.assertEqual(self.activities().user_id, self.buyer)

    def test_untracked_it_is_ordered_once_and_not_at_every_review(self):
        proposal = self.agreement.review()
        self.receive(proposal.purchase_order_ids)
        self.put(self.bolts, -10)
        self.screws.sudo().is_storable = False
        # Nothing is on hand of what has no stock, and nothing is on its way any more.
        self.check_taken_out("not_tracked", "tick Track Inventory")
        self.assertEqual(self.ordered(), [10])
        self.assertFalse(self.agreement.review())
        self.assertEqual(len(self.activities()), 1)
        self.screws.sudo().is_storable = True
        self.put(self.screws, -self.screws.qty_available)
        self.assertEqual(self.agreement.review().line_ids.product_id, self.screws)
        self.assertFalse(self.activities())
        self.agreement.invalidate_recordset(["problems"])
        self.assertFalse(self.agreement.problems)

    def test_a_service_is_not_ordered(self):
        self.screws.sudo().type = "service"
        self.check_taken_out("not_tracked", "tick Track Inventory")

    def test_what_is_archived_is_not_ordered(self):
        with self.assertRaisesRegex(UserError, self.agreement.name):
            self.screws.sudo().active = False
        # Another add-on may archive it all the same.
        self.env.cr.execute(
            "UPDATE product_product SET active = FALSE WHERE id = %s", (self.screws.id,)
        )
        self.env.invalidate_all()
        self.check_taken_out("product_archived", "archived")

    def test_an_archived_vendor_gets_no_order(self):
        self.vendor.sudo().active = False
        self.check_taken_out("vendor_archived", "restore the vendor", others=0)
        self.assertIn("Acme Fasteners is archived", self.agreement.problems)

    def test_an_archived_place_is_not_filled(self):
        self.env.cr.execute(
            "UPDATE stock_location SET active = FALSE WHERE id = %s", (self.stock.id,)
        )
        self.env.invalidate_all()
        self.check_taken_out("location_archived", "archived", others=0)

    def test_a_kit_is_not_ordered(self):
        if "mrp.bom" not in self.env:
            self.skipTest("The Manufacturing app is not installed.")
        bom = self.env["mrp.bom"].sudo().create(
            {
                "product_tmpl_id": self.screws.product_tmpl_id.id,
                "bom_line_ids": [Command.create({"product_id": self.bolts.id})],
            }
        )  # fmt: skip
        # Odoo makes no kit of what has a reordering rule; another add-on may.
        self.env.flush_all()
        self.env.cr.execute("UPDATE mrp_bom SET type = 'phantom' WHERE id = %s", (bom.id,))
        self.env.invalidate_all()
        self.check_taken_out("kit", "list its components")

    def test_without_a_purchase_it_is_not_ordered(self):
        self.warehouse.sudo().buy_to_resupply = False
        self.check_taken_out("no_buy_rule", "not supplied by a purchase", others=0)

    def test_a_route_of_one_product_takes_out_that_product(self):
        # Only what lies below the stock gets its rule from above, where the product's own counts.
        route = self.env["stock.route"].sudo().create({"name": "Own", "product_selectable": True})
        elsewhere = self.env["stock.location"].sudo().create(
            {"name": "Elsewhere", "location_id": self.warehouse.view_location_id.id}
        )  # fmt: skip
        shelf = self.env["stock.location"].sudo().create(
            {"name": "Shelf", "location_id": self.stock.id}
        )  # fmt: skip
        self.env["stock.rule"].sudo().create(
            {
                "name": "Fill the shelf",
                "route_id": route.id,
                "action": "pull",
                "picking_type_id": self.warehouse.int_type_id.id,
                "location_src_id": elsewhere.id,
                "location_dest_id": shelf.id,
                "procure_method": "make_to_stock",
            }
        )
        self.agreement.action_close()
        self.agreement.line_ids.orderpoint_id.sudo().active = False
        self.agreement = self.make_agreement(
            (self.screws, 5, 10),
            (self.bolts, 5, 10),
            decision="automatic",
            location_id=shelf.id,
        )
        self.line = self.agreement.line_ids[0]
        self.screws.sudo().route_ids = route
        self.check_taken_out("no_buy_rule", "not supplied by a purchase")

    def test_a_proposal_made_before_says_so_and_orders_the_rest(self):
        self.agreement.decision = "buyer"
        proposal = self.agreement.review()
        self.screws.sudo().is_storable = False
        proposal.action_approve()
        self.assertEqual(proposal.purchase_order_ids.order_line.product_id, self.bolts)
        self.assertIn("tick Track Inventory", proposal.line_ids[0].failure)

    def test_at_the_start_all_of_it_is_said(self):
        agreement = self.agreement
        agreement.action_suspend()
        self.screws.sudo().is_storable = False
        self.bolts.sudo().seller_ids.unlink()
        with self.assertRaises(UserError) as caught:
            agreement.action_resume()
        self.assertIn("Screws: its stock is not tracked", str(caught.exception))
        self.assertIn("Bolts: Acme Fasteners has no valid price", str(caught.exception))
