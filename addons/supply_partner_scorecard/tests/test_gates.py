from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form

from .common import ScorecardCase


class TestGates(ScorecardCase):
    """A band may warn, ask for approval or block, at every door; by default it does nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls.make_buyer("gate manager", cls.company, "purchase.group_purchase_manager")
        cls.risk = cls.scorecard.band_ids.filtered(lambda band: band.code == "risk")
        cls.other = cls.make_vendor("Other Fasteners")

    def stand(self, vendor=None, band=None):
        """Have a manager put a vendor into a band."""
        vendor = vendor or self.vendor
        self.ordered(vendor=vendor, due="2026-04-10 12:00:00")
        self.recalculate()
        standing = self.standing(vendor)
        standing.with_user(self.manager)._set_override(band or self.risk, "2026-06-01", "Test")
        return standing

    def draft(self):
        return self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": self.screws.id, "product_qty": 5})],
            }
        )

    def test_by_default_nothing_happens(self):
        self.stand()
        order = self.draft()
        self.assertFalse(order.purchase_warning_text)
        order.print_quotation()
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_a_warning_is_read_and_stops_nothing(self):
        self.stand()
        self.risk.order_action = "warn"
        order = self.draft()
        self.assertIn("At Risk", order.purchase_warning_text)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.purchase_warning_text)

    def test_a_block_holds_at_every_door(self):
        order = self.draft()
        self.stand()
        self.risk.write({"rfq_action": "block", "order_action": "block"})
        for user in (self.buyer, self.manager):
            mine = order.with_user(user)
            for door in (
                mine.button_confirm,
                lambda mine=mine: mine.button_approve(force=True),
                lambda mine=mine: mine.write({"state": "purchase"}),
                lambda mine=mine: mine.write({"state": "sent"}),
                mine.action_rfq_send,
                mine.print_quotation,
                lambda mine=mine: mine.with_context(mark_rfq_as_sent=True).message_post(body="Hi"),
                lambda mine=mine: mine.copy({"state": "purchase"}),
            ):
                refused = self.assertRaisesRegex(UserError, "Acme Fasteners is rated")
                with refused, self.env.cr.savepoint():
                    door()
        self.assertEqual(order.state, "draft")

    def test_open_orders_stay(self):
        order = self.ordered()
        self.stand()
        self.risk.write({"rfq_action": "block", "order_action": "block"})
        order.action_rfq_send()
        self.received(order, "2026-02-10 08:00:00")
        order.order_line.product_qty = 9
        self.assertEqual(order.state, "purchase")

    def test_a_manager_approves(self):
        order, rfq = self.draft(), self.draft()
        self.stand()
        self.risk.write({"rfq_action": "approve", "order_action": "approve"})
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        with self.assertRaises(UserError):
            order.write({"state": "purchase"})
        self.assertFalse(order.with_user(1)._approval_allowed(), "no scheduled action approves")
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")
        with self.assertRaises(UserError):
            rfq.print_quotation()
        rfq.with_user(self.manager).print_quotation()
        self.assertEqual(rfq.state, "sent")

    def test_what_the_score_alone_does_not_make_sure_warns(self):
        self.scorecard.criterion_ids = [
            Command.clear(),
            Command.create({"measure": "otif", "weight": 1, "floor": 0.5, "cap": 1}),
        ]
        self.risk.order_action = "block"
        for day in range(10, 15):
            order = self.ordered(due=f"2026-02-{day} 12:00:00")
            if day in (10, 11, 12):
                self.received(order, f"2026-02-{day} 08:00:00")
        self.recalculate()
        standing = self.standing()
        # 3 of 5 are 20 points; at best, 0.85 or so, 71: another band.
        self.assertEqual((standing.score, standing.band_id), (20, self.risk))
        self.assertEqual(standing.order_action, "warn")
        for day in range(15, 27):
            self.ordered(due=f"2026-02-{day} 12:00:00")
        self.recalculate()
        self.assertEqual(standing.order_action, "block")

    def test_unrated_vendors_have_their_own_action(self):
        self.ordered(due="2026-04-10 12:00:00")
        self.recalculate()
        self.scorecard.unrated_order_action = "block"
        with self.assertRaisesRegex(UserError, "Unrated"):
            self.draft().button_confirm()
        self.scorecard.active = False
        self.draft().button_confirm()

    def test_an_override_ends_the_block(self):
        standing = self.stand()
        self.risk.order_action = "block"
        with self.assertRaises(UserError):
            self.draft().button_confirm()
        standing.with_user(self.manager).action_remove_override()
        self.draft().button_confirm()

    def test_replenishment_buys_from_the_others(self):
        self.add_seller(self.screws, self.other, price=9.0, sequence=20)
        point = self.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": self.screws.id,
                "location_id": self.stock.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "product_min_qty": 5,
                "product_max_qty": 20,
                "supplier_id": self.screws.seller_ids[:1].id,
            }
        )  # fmt: skip
        self.assertEqual(point.supplier_id.partner_id, self.vendor)
        self.stand()
        self.risk.order_action = "block"
        point.product_min_qty = 500
        point.product_max_qty = 600
        self.env["stock.rule"].sudo().with_company(self.company).run_scheduler(
            company_id=self.company.id
        )
        bought = self.env["purchase.order.line"].search(
            [("product_id", "=", self.screws.id), ("state", "=", "draft")]
        )
        self.assertEqual(bought.order_id.partner_id, self.other)

    def test_odoos_own_replenishment_screens(self):
        self.add_seller(self.screws, self.other, price=9.0, sequence=20)
        point = self.env["stock.warehouse.orderpoint"].sudo().create(
            {
                "product_id": self.screws.id,
                "location_id": self.stock.id,
                "warehouse_id": self.warehouse.id,
                "company_id": self.company.id,
                "trigger": "manual",
                "product_min_qty": 5,
                "product_max_qty": 20,
                "supplier_id": self.screws.seller_ids[:1].id,
            }
        )  # fmt: skip
        self.stand()
        self.risk.order_action = "block"
        lines = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        point.action_replenish()
        bought = self.env["purchase.order.line"].search(
            [("product_id", "=", self.screws.id), ("id", "not in", lines.ids)]
        )
        self.assertEqual(bought.order_id.partner_id, self.other, "the list of what to replenish")
        replenish = self.env["product.replenish"].sudo().with_company(self.company)
        wizard = replenish.with_context(default_product_id=self.screws.id).create(
            {
                "product_id": self.screws.id,
                "product_tmpl_id": self.screws.product_tmpl_id.id,
                "product_uom_id": self.screws.uom_id.id,
                "quantity": 7,
                "warehouse_id": self.warehouse.id,
                "route_id": self.warehouse.buy_pull_id.route_id.id,
                "supplier_id": self.screws.seller_ids[:1].id,
            }
        )
        self.assertEqual(wizard.supplier_id.partner_id, self.vendor)
        # Who names the vendor on the product's own screen gets nothing, from nobody.
        before = sum(bought.mapped("product_qty"))
        wizard.launch_replenishment()
        everything = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        self.assertEqual(sum((everything - lines).mapped("product_qty")), before)
        wizard.supplier_id = self.screws.seller_ids.filtered(
            lambda seller: seller.partner_id == self.other
        )
        wizard.launch_replenishment()
        everything = self.env["purchase.order.line"].search([("product_id", "=", self.screws.id)])
        self.assertEqual((everything - lines).order_id.partner_id, self.other)

    def test_nobody_left_to_buy_from(self):
        self.stand()
        self.risk.order_action = "block"
        rule = self.env["stock.rule"].sudo()
        found = rule._get_matching_supplier(
            self.screws.sudo(), 5, self.screws.uom_id, self.company, {}
        )
        self.assertFalse(found)
        self.assertFalse(self.screws._select_seller(quantity=5))
        named = self.screws._select_seller(partner_id=self.vendor, quantity=5)
        self.assertEqual(named.partner_id, self.vendor, "an RFQ by hand keeps its price")

    def test_agreements_stop_with_the_reason(self):
        agreement = self.make_agreement((self.screws, 500, 900), decision="automatic")
        self.stand()
        self.risk.order_action = "block"
        agreement.review()
        self.assertEqual(agreement.line_ids.problem, "vendor_blocked")
        self.assertIn(
            "blocked by its score", agreement.line_ids._describe_problem("vendor_blocked")
        )
        self.risk.order_action = "none"
        agreement.review()
        self.assertFalse(agreement.line_ids.problem)

    def test_an_order_by_hand_shows_whom_it_is_for(self):
        self.stand()
        self.risk.rfq_action = "warn"
        with Form(self.env["purchase.order"]) as form:
            form.partner_id = self.vendor
            self.assertIn("At Risk", form.purchase_warning_text)
