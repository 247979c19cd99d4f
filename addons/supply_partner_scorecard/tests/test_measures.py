from freezegun import freeze_time

from odoo.addons.supply_partner_scorecard.measures import MEASURES, Measure, register
from odoo.exceptions import UserError
from odoo.fields import Command

from .common import ScorecardCase


class TestMeasures(ScorecardCase):
    """Each of the other measures, worked out by hand."""

    def bill(self, order, day, quantity, price=None, post=True):
        """Bill a quantity of an order's line."""
        with freeze_time(f"{day} 12:00:00"):
            line = order.order_line[:1]
            bill = (
                self.env["account.move"]
                .sudo()
                .with_company(self.company)
                .create(
                    {
                        "move_type": "in_invoice",
                        "partner_id": order.partner_id.id,
                        "invoice_date": day,
                        "currency_id": order.currency_id.id,
                        "journal_id": self.journal.id,
                        "invoice_line_ids": [
                            Command.create(
                                {
                                    "product_id": line.product_id.id,
                                    "purchase_line_id": line.id,
                                    "quantity": quantity,
                                    "price_unit": price or line.price_unit,
                                    "account_id": self.expense.id,
                                    "tax_ids": [Command.clear()],
                                }
                            )
                        ],
                    }
                )
            )
            if post:
                bill.action_post()
        return bill

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        accounts = cls.env(su=True, user=1)["account.account"].with_company(cls.company)
        cls.expense, payable = (
            accounts.create({"name": name, "code": code, "account_type": kind})
            for name, code, kind in (
                ("Goods", "600000", "expense"),
                ("Vendors", "400000", "liability_payable"),
            )
        )
        cls.vendor.sudo().with_company(cls.company).property_account_payable_id = payable
        cls.journal = (
            cls.env(su=True, user=1)["account.journal"]
            .with_company(cls.company)
            .create(
                {
                    "name": "Bills",
                    "code": "BILLS",
                    "type": "purchase",
                    "company_id": cls.company.id,
                    "default_account_id": cls.expense.id,
                }
            )
        )

    def scrap(self, quantity, moment, fault=True, **vals):
        tag = self.env["stock.scrap.reason.tag"].sudo().create(
            {"name": f"Broken {moment} {quantity}", "is_vendor_fault": fault}
        )  # fmt: skip
        with freeze_time(moment):
            scrap = self.env["stock.scrap"].sudo().create(
                {
                    "product_id": self.screws.id,
                    "scrap_qty": quantity,
                    "company_id": self.company.id,
                    "location_id": self.stock.id,
                    "scrap_reason_tag_ids": [Command.set(tag.ids)],
                    **vals,
                }
            )  # fmt: skip
            scrap.do_scrap()
        return scrap

    def test_quality_by_the_receipt(self):
        orders = [self.ordered() for _number in range(5)]
        moves = [self.received(order, "2026-02-10 08:00:00") for order in orders]
        self.returned(moves[0], "2026-02-12 08:00:00", 3)
        self.returned(moves[1], "2026-02-12 08:00:00", 2)
        moves[1].picking_id.sudo().return_ids.vendor_is_own_return = True
        self.scrap(1, "2026-02-12 08:00:00", picking_id=moves[2].picking_id.id)
        self.scrap(4, "2026-02-13 08:00:00", fault=False, picking_id=moves[2].picking_id.id)
        # Nobody knows from whom these came.
        self.scrap(2, "2026-02-13 08:00:00")
        # 3 sent back and 1 scrapped, of 50 at one price.
        quality = self.measure("quality")
        self.assertAlmostEqual(quality["value"], 0.08)
        self.assertEqual(quality["base"], 5)
        # From 0.05, no points, to 0, 100 points.
        self.assertEqual(quality["points"], 0)

    def test_what_goes_back_after_its_days_is_no_defect(self):
        self.scorecard.quality_days = 5
        move = self.received(self.ordered(), "2026-02-10 08:00:00")
        self.returned(move, "2026-02-16 08:00:00", 10)
        self.assertEqual(self.measure("quality")["value"], 0)

    def test_an_exchanged_piece_is_a_defect_and_its_replacement_a_receipt(self):
        order = self.ordered()
        move = self.received(order, "2026-02-08 08:00:00")
        self.returned(move, "2026-02-09 08:00:00", 5, exchange=True)
        self.received(order, "2026-02-10 08:00:00", 5)
        self.assertAlmostEqual(self.measure("quality")["value"], 5 / 15)

    def test_scrapped_by_lot(self):
        self.screws.sudo().tracking = "lot"
        lot = self.env["stock.lot"].sudo().create(
            {"name": "L1", "product_id": self.screws.id, "company_id": self.company.id}
        )  # fmt: skip
        order = self.ordered()
        with freeze_time("2026-02-10 08:00:00"):
            move = order.sudo().picking_ids.move_ids
            move.move_line_ids.unlink()
            move.move_line_ids = [
                Command.create(
                    {
                        "product_id": self.screws.id,
                        "lot_id": lot.id,
                        "quantity": 10,
                        "location_id": move.location_id.id,
                        "location_dest_id": move.location_dest_id.id,
                        "picking_id": move.picking_id.id,
                    }
                )
            ]
            move.picked = True
            move._action_done()
        self.scrap(2, "2026-02-20 08:00:00", lot_id=lot.id)
        self.assertAlmostEqual(self.measure("quality")["value"], 0.2)

    def test_price_indices(self):
        nuts = self.make_product("Nuts", self.vendor, price=4.0)
        bolts = self.make_product("Bolts")
        self.add_seller(nuts, self.make_vendor("Other Fasteners"), price=3.0)
        self.env.cr.execute("UPDATE product_supplierinfo SET create_date = '2026-01-01'")
        self.env.invalidate_all()
        # The year before: 10 screws at 1 and 10 nuts at 5.
        before = {"approved": "2025-03-01 08:00:00", "due": "2025-03-05 12:00:00"}
        old = self.ordered(
            {"product_id": self.screws.id, "product_qty": 10, "price_unit": 1.0},
            {"product_id": nuts.id, "product_qty": 10, "price_unit": 5.0},
            **before,
        )
        self.promise(old).sudo().approved_at = "2025-03-01 08:00:00"
        self.ordered(
            {"product_id": self.screws.id, "product_qty": 10, "price_unit": 2.2},
            {"product_id": nuts.id, "product_qty": 20, "price_unit": 4.2},
            {"product_id": bolts.id, "product_qty": 1, "price_unit": 34.0},
        )
        # 22 + 84 paid for what was agreed at 20 + 80; 34 of 140 had no price.
        agreed = self.measure("price_index")
        self.assertAlmostEqual(agreed["value"], 1.06)
        # 84 paid for what others sell at 60.
        self.assertAlmostEqual(self.measure("price_index_other")["value"], 1.4)
        # Then 10 and 50 were paid, at today's prices 22 and 42.
        self.assertAlmostEqual(self.measure("price_index_base")["value"], 64 / 60)
        part = self.standing().criterion_ids.filtered(lambda part: part.measure == "price_index")
        self.assertAlmostEqual(part.coverage, 106 / 140)
        self.assertEqual(part.text, "106")

    def test_requests_answered(self):
        orders = []
        for place in range(6):
            with freeze_time("2026-02-01 08:00:00"):
                order = self.env["purchase.order"].create(
                    {"partner_id": self.vendor.id, "date_order": "2026-02-08 08:00:00"}
                )
                order.print_quotation()
            orders.append(order)
            if place < 3:
                with freeze_time(f"2026-02-0{2 + 2 * place} 08:00:00"):
                    order.action_vendor_answered()
        with freeze_time("2026-02-03 08:00:00"):
            orders[3].button_cancel()
        with freeze_time("2026-02-20 08:00:00"):
            orders[4].button_cancel()
        # 3 of 5: one was withdrawn in time; one was cancelled when nobody had answered.
        answered = self.measure("rfq_answered")
        self.assertEqual((answered["value"], answered["base"]), (0.6, 5))
        self.assertEqual(self.measure("rfq_days")["value"], 3)

    def test_bills_as_promised(self):
        order, other = self.ordered(), self.ordered()
        self.received(order, "2026-02-10 08:00:00", 6)
        self.bill(order, "2026-02-10", 6)
        # More than had come by then.
        self.bill(order, "2026-02-11", 2)
        self.received(order, "2026-02-12 08:00:00")
        self.bill(order, "2026-02-13", 2)
        self.received(other, "2026-02-10 08:00:00")
        # A price that was not promised, and one within half a percent.
        self.bill(other, "2026-02-14", 1, price=2.2)
        self.bill(other, "2026-02-14", 1, price=2.01)
        # Drafts say nothing.
        self.bill(other, "2026-02-14", 1, price=9, post=False)
        match = self.measure("invoice_match")
        self.assertEqual((match["value"], match["base"]), (0.6, 5))

    def test_how_we_pay_and_change(self):
        order, other = self.ordered(), self.ordered()
        order.order_line.product_qty = 9
        other.order_line.price_unit = 3
        self.assertEqual(self.measure("our_changes")["value"], 0.5)
        self.received(order, "2026-02-10 08:00:00")
        bill = self.bill(order, "2026-02-10", 9)
        bill.line_ids.date_maturity = "2026-03-06"
        # Due on the 6th, open on the 16th.
        self.assertEqual(self.measure("our_days_paid_late")["value"], 10)

    def test_what_we_approved_after_its_day(self):
        self.ordered(approved="2026-02-03 08:00:00", date_order="2026-02-01 08:00:00")
        self.ordered(approved="2026-02-03 20:00:00", date_order="2026-02-03 08:00:00")
        self.assertEqual(self.measure("our_late_approvals")["value"], 0.5)

    def test_assessments(self):
        assessment = self.env["vendor.assessment"].create({"partner_id": self.vendor.id})
        self.assertEqual(len(assessment.line_ids), 4)
        first, second = assessment.line_ids[:2]
        for line, value in ((first, 5), (second, 2)):
            line.step_id = line.criterion_id.step_ids.filtered(
                lambda step, value=value: step.value == value
            )
        self.assertEqual(assessment.points, 62.5)
        self.assertFalse(self.measure("assessment"))
        with self.assertRaisesRegex(UserError, "what shows it"):
            assessment.action_done()
        assessment.line_ids.evidence = "Visit"
        assessment.action_done()
        self.assertEqual(self.measure("assessment")["value"], 62.5)
        with self.assertRaisesRegex(UserError, "set it to draft"):
            first.evidence = "Hearsay"
        of_us = self.env["vendor.assessment"].create({"partner_id": self.vendor.id, "kind": "us"})
        self.assertEqual(len(of_us.line_ids), 3)
        for line in of_us.line_ids:
            line.step_id = line.criterion_id.step_ids.filtered(lambda step: step.value == 4)
        of_us.action_done()
        self.assertEqual(self.measure("our_assessment")["value"], 75)
        with freeze_time("2027-12-01 12:00:00"):
            self.assertFalse((self.measure("assessment") or {}).get("base"), "it expired")

    def test_a_measure_of_ones_own(self):
        @register
        class Tardiness(Measure):
            code = "tardiness"
            name = "Tardiness"
            source = "deliveries"
            higher_is_better = False
            expression = "1 - otif::double precision / lines"
            base = "events"

        self.addCleanup(MEASURES.pop, "tardiness")
        self.received(self.ordered(), "2026-02-20 08:00:00")
        self.assertEqual(self.measure("tardiness")["value"], 1)
        self.assertIn(("tardiness", "Tardiness"), self.scorecard._selection_measure())
