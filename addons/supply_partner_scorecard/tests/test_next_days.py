import random
from dataclasses import replace
from datetime import timedelta

from freezegun import freeze_time

from odoo.addons.supply_partner_scorecard.engine import VendorScope, gathered_events
from odoo.addons.supply_partner_scorecard.measures import available_measures, read_figures
from odoo.fields import Command, Datetime
from odoo.tools import SQL

from .common import ScorecardCase

BEGIN = "2026-03-16 12:00:00"
# The orders that there are before anything happens, and how often each thing happens to one.
ORDERS, TIMES = 14, 4
# Every table whose rows say when they were written.
WRITTEN = ("stock_move", "purchase_order", "purchase_order_line", "vendor_promise")


class TestNextDays(ScorecardCase):
    """What a night finds from what changed is what it would find from everything."""

    def setUp(self):
        super().setUp()
        self.chance = random.Random(16)
        self.scorecard.period_months = 2
        self.other_company = self.make_company("Southwind")
        self.vendors = [self.vendor, self.make_vendor("Bolt Works"), self.make_vendor("Nut Works")]
        self.products = [self.make_product(f"Part {number}", self.vendor) for number in range(3)]
        self.now = Datetime.to_datetime(BEGIN)
        self.orders = [self.order_anything(-self.chance.randint(1, 80)) for _each in range(ORDERS)]
        foreign = self.env["purchase.order"].sudo().with_company(self.other_company)
        foreign.create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.other_company.id,
                "order_line": [Command.create({"product_id": self.screws.id, "product_qty": 3})],
            }
        ).button_confirm()

    def order_anything(self, days=0):
        """Order two to four lines, due within two weeks of a day."""
        moment = self.now + timedelta(days=days)
        lines = [
            {
                "product_id": self.chance.choice(self.products).id,
                "product_qty": self.chance.randint(2, 20),
                "price_unit": self.chance.choice([1.25, 2.0, 3.1]),
                "date_planned": moment + timedelta(days=self.chance.randint(0, 14)),
            }
            for _each in range(self.chance.randint(2, 4))
        ]
        return self.ordered(
            *lines,
            approved=moment,
            due=moment + timedelta(days=7),
            vendor=self.chance.choice(self.vendors),
        ).sudo()

    # What may happen

    def happen_ordered(self, _order):
        self.orders.append(self.order_anything())

    def happen_line_added(self, order):
        if order.state == "purchase":
            values = {"product_id": self.chance.choice(self.products).id, "product_qty": 4}
            order.order_line = [Command.create({**values, "price_unit": 2})]

    def happen_received(self, order):
        moves = order.picking_ids.move_ids.filtered(
            lambda move: (
                move.state not in ("done", "cancel") and move.location_id.usage == "supplier"
            )
        )
        if moves:
            move = self.chance.choice(moves)
            quantity = self.chance.randint(1, int(move.product_uom_qty) + 2)
            self.received(order, self.now, quantity, move.product_id)

    def happen_returned(self, order):
        done = order.picking_ids.move_ids.filtered(
            lambda move: move.state == "done" and move.location_id.usage == "supplier"
        )
        if done:
            move = self.chance.choice(done)
            back = self.returned(move, self.now, 1)
            back.picking_id.vendor_is_own_return = self.chance.random() < 0.3

    def happen_cancelled(self, order):
        if not order.picking_ids.move_ids.filtered(lambda move: move.state == "done"):
            order.button_cancel()
            order.vmi_is_vendor_cancelled = self.chance.random() < 0.5

    def happen_moved_to_another_vendor(self, order):
        """Whoever the order was placed with cannot deliver, and it is placed anew."""
        if order.state == "cancel":
            order.button_draft()
            order.partner_id = self.chance.choice(self.vendors)
            order.button_confirm()

    def happen_changed(self, order):
        line = self.chance.choice(order.order_line)
        if order.state == "purchase":
            line.product_qty = max(line.qty_received, line.product_qty - 1)

    def happen_postponed(self, order):
        if order.state == "purchase":
            order.order_line[:1].date_planned = self.now + timedelta(days=5)

    def happen_days_pass(self, _order):
        self.now += timedelta(days=self.chance.randint(1, 9))

    def happen_deleted(self, order):
        if order.state == "cancel":
            self.orders.remove(order)
            order.unlink()

    # The test

    def ratings(self):
        """Return the figures of all vendors: by partner and measure."""
        scope = replace(self.scorecard._prepare_scope(), has_receipts=True)
        self.assertIsInstance(scope, VendorScope)
        self.env.flush_all()
        with gathered_events(self.env.cr, scope) as scope:
            return read_figures(self.env, scope, available_measures(self.env))

    def rows(self):
        self.env.cr.execute(
            "SELECT promise.order_line_id, delivery.* FROM vendor_delivery delivery "
            "JOIN vendor_promise promise ON promise.id = delivery.promise_id "
            "WHERE company_key = %s ORDER BY 1",
            [self.company.id],
        )
        place = [column.name for column in self.env.cr.description].index("id")
        return [row[:place] + row[place + 1 :] for row in self.env.cr.fetchall()]

    def receipts(self):
        self.env.cr.execute(
            "SELECT partner_key, order_key, transfer_key, day, lines, ROUND(value::numeric, 9) "
            "FROM vendor_receipt WHERE company_key = %s ORDER BY 1, 2, 3, 4",
            [self.company.id],
        )
        return self.env.cr.fetchall()

    def age(self):
        """Have everything look as if it was written long before the last night."""
        self.env.flush_all()
        for table in WRITTEN:
            self.env.cr.execute(
                SQL("UPDATE %s SET write_date = '2025-01-01'", SQL.identifier(table))
            )
        self.env.invalidate_all()

    def mark(self):
        """Give what was written since the hour of the test: in a test all is written at once."""
        self.env.flush_all()
        for table in WRITTEN:
            self.env.cr.execute(
                SQL(
                    "UPDATE %s SET write_date = %s WHERE write_date > '2025-06-01'",
                    SQL.identifier(table),
                    self.now,
                )
            )
        self.env.invalidate_all()

    def check(self, after):
        self.mark()
        self.scorecard._recalculate()
        found = self.rows(), self.receipts(), self.ratings()
        self.scorecard._recalculate(is_full=True)
        expected = self.rows(), self.receipts(), self.ratings()
        for kept, anew in zip(found[:2], expected[:2], strict=True):
            self.assertEqual(kept, anew, after)
        self.assertEqual(found[2].keys(), expected[2].keys(), after)
        for partner_id, figures in expected[2].items():
            for code, figure in figures.items():
                kept = found[2][partner_id][code]
                for name in ("value", "base", "effective", "coverage"):
                    both = getattr(kept, name), getattr(figure, name)
                    if None in both:
                        self.assertEqual(*both, (after, code, name))
                    else:
                        self.assertAlmostEqual(*both, 9, (after, code, name))
        self.age()

    def test_random_days(self):
        steps = [name for name in dir(self) if name.startswith("happen_")] * TIMES
        # Most of what happens happens to what came.
        steps += ["happen_received"] * len(steps)
        self.chance.shuffle(steps)
        self.scorecard._recalculate(is_full=True)
        self.age()
        most = 0
        for number, name in enumerate(steps):
            with freeze_time(self.now):
                getattr(self, name)(self.chance.choice(self.orders))
                if number % 8 == 7:
                    self.check(steps[number - 7 : number + 1])
                    most = max(most, len(self.receipts()))
        self.assertGreater(most, 5)

    def test_another_time_zone_finds_all_days_anew(self):
        with freeze_time(self.now):
            late = self.ordered(due="2026-03-10 04:00:00")
            self.received(late, "2026-03-10 16:30:00")
            self.scorecard._recalculate(is_full=True)
            delivery = self.env["vendor.delivery"].search([("order_id", "=", late.id)])
            self.assertTrue(delivery.otif)
            self.age()
            self.company.sudo().resource_calendar_id.tz = "Asia/Shanghai"
            self.scorecard._recalculate()
            self.assertFalse(delivery.otif, "half past midnight of the day after")
            self.check("another zone")

    def test_vendors_that_are_merged(self):
        with freeze_time(self.now):
            self.scorecard._recalculate(is_full=True)
            self.age()
            wizard = self.env["base.partner.merge.automatic.wizard"].sudo().create({})
            kept, gone = self.vendors[1:]
            wizard._merge((kept | gone).ids, kept.sudo())
            self.assertFalse(self.scorecard.facts_at)
            self.scorecard._recalculate()
            self.assertNotIn(gone.id, self.ratings())
            self.check("merged")
