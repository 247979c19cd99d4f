from statistics import stdev

from odoo.exceptions import AccessError
from odoo.fields import Command, Date
from odoo.tests import new_test_user
from odoo.tools import SQL

from .common import FEBRUARY, MARCH, PerformanceCase


class TestPerformance(PerformanceCase):
    """What an agreement achieved in a month, against sums by hand."""

    def test_the_fill_rate_is_what_was_done_by_the_day_it_was_wanted(self):
        agreement = self.agree(None)
        self.supplied("2026-01-10 12:00:00", 500)
        self.delivered(self.wanted("2026-02-05 08:00:00", 10), "2026-02-05 23:30:00", 10)
        rest = self.delivered(self.wanted("2026-02-10 08:00:00", 20), "2026-02-10 07:00:00", 12)
        self.delivered(rest, "2026-02-12 07:00:00", 8)
        self.wanted("2026-02-20 08:00:00", 6)._action_cancel()
        self.wanted("2026-02-25 08:00:00", 4)
        self.wanted("2026-03-15 08:00:00", 5)
        self.wanted("2026-03-16 18:00:00", 7)  # today is not over
        row = self.figures(agreement)
        self.assertEqual((row.filled_qty, row.demanded_qty), (22, 34))
        self.assertAlmostEqual(row.fill_rate, 22 / 34)
        march = self.figures(agreement, MARCH)
        self.assertEqual((march.filled_qty, march.demanded_qty), (0, 5))

    def test_more_than_was_wanted_fills_no_other_need(self):
        agreement = self.agree(None)
        self.supplied("2026-01-10 12:00:00", 500)
        self.delivered(self.wanted("2026-02-05 08:00:00", 10), "2026-02-04 12:00:00", 15)
        self.wanted("2026-02-06 08:00:00", 10)
        self.assertEqual(self.figures(agreement).fill_rate, 0.5)

    def test_stock_turns_and_days_of_supply(self):
        agreement = self.agree(None)
        self.supplied("2026-02-03 12:00:00", 30)
        self.sold("2026-02-11 12:00:00", 30)
        self.moved("2026-02-21 12:00:00", 10, self.customers, self.stock)
        row = self.figures(agreement)
        # At the close: 2 days nothing, 8 days 30, 10 days nothing, 8 days 10.
        self.assertEqual((row.counted_days, row.out_days), (28, 12))
        self.assertAlmostEqual(row.in_stock_rate, 16 / 28)
        self.assertAlmostEqual(row.stock_value, 320 / 28 * 2)
        self.assertEqual((row.demand_qty, row.demand_value), (20, 40))
        self.assertAlmostEqual(row.turns, 365 * 40 / 640)
        self.assertEqual((row.closing_qty, row.closing_value), (10, 20))
        self.assertAlmostEqual(row.days_of_supply, 10 / (20 / 28))
        march = self.figures(agreement, MARCH)
        self.assertEqual((march.counted_days, march.out_days, march.turns), (15, 0, 0))
        self.assertEqual(march.closing_value, 20)

    def test_negative_stock_is_no_stock_and_worth_nothing(self):
        agreement = self.agree(None)
        self.sold("2026-02-08 12:00:00", 7)
        self.supplied("2026-02-15 12:00:00", 27)
        row = self.figures(agreement)
        self.assertEqual((row.counted_days, row.out_days), (28, 14))
        self.assertAlmostEqual(row.stock_value_days, 14 * 20 * 2)
        self.assertEqual(row.closing_qty, 20)

    def test_days_before_the_agreement_and_after_its_close_do_not_count(self):
        agreement = self.agree(None, date_start="2026-02-20")
        self.assertEqual(self.figures(agreement).counted_days, 9)
        self.assertFalse(self.figures(agreement, Date.to_date("2026-01-01")))
        agreement.action_close()
        agreement.sudo().closed_on = "2026-03-04"
        self.assertEqual(self.figures(agreement, MARCH).counted_days, 4)

    def test_the_month_ends_with_the_company_s_local_day(self):
        self.company.sudo().resource_calendar_id.tz = "Asia/Tokyo"
        agreement = self.agree(None)
        # Nine hours ahead: in the evening of 31 January UTC it is February.
        self.wanted("2026-01-31 14:59:00", 3)
        self.wanted("2026-01-31 15:01:00", 4)
        self.supplied("2026-02-28 15:01:00", 5)
        self.assertEqual(self.figures(agreement).demanded_qty, 4)
        self.assertEqual(self.figures(agreement).closing_qty, 0)
        self.assertEqual(self.figures(agreement, Date.to_date("2026-01-01")).demanded_qty, 3)
        march = self.figures(agreement, MARCH)
        self.assertEqual((march.out_days, march.closing_qty), (0, 5))

    def test_two_companies_are_measured_each_in_its_own_zone_and_seen_by_its_own(self):
        south = self.make_company("Southwind")
        south.sudo().resource_calendar_id.tz = "Asia/Tokyo"
        buyer = self.make_buyer("vmi south", south)
        location = self.warehouse_of(south).sudo().lot_stock_id
        own = self.env["vmi.agreement"].with_user(buyer).with_context(
            allowed_company_ids=south.ids
        )  # fmt: skip
        there = own.create(
            {
                "partner_id": self.vendor.id,
                "company_id": south.id,
                "user_id": buyer.id,
                "date_start": "2026-01-01",
                "line_ids": [Command.create({"product_id": self.screws.id, "max_qty": 1})],
            }
        )
        there.action_start()
        here = self.agree(None)
        self.screws.sudo().with_company(south).standard_price = 5
        for where in (self.stock.sudo(), location):
            self.supplied("2026-02-28 15:01:00", 10, location=where)
        (here + there).sudo().with_context(
            allowed_company_ids=(self.company + south).ids
        ).action_refresh_performance()
        performance = self.env["vmi.performance"]
        rows = performance.search([("month", "=", FEBRUARY)])
        self.assertEqual(rows.agreement_id, here)
        self.assertEqual(rows.closing_value, 20)
        theirs = performance.with_user(buyer).with_context(allowed_company_ids=south.ids)
        rows = theirs.search([("month", "=", FEBRUARY)])
        self.assertEqual(rows.agreement_id, there)
        self.assertEqual(rows.closing_value, 0)
        self.assertEqual(theirs.search([("month", "=", MARCH)]).closing_value, 50)

    def test_only_who_buys_sees_the_figures_and_nobody_changes_them(self):
        row = self.figures(self.agree(None))
        with self.assertRaises(AccessError):
            row.fill_rate = 1
        clerk = new_test_user(self.env(su=True), "vmi clerk", "stock.group_stock_user")
        with self.assertRaises(AccessError):
            row.with_user(clerk).fill_rate  # noqa: B018

    def test_groups_divide_sums_and_do_not_average_quotients(self):
        bolts = self.make_product("Bolts", self.vendor)
        bolts.sudo().with_company(self.company).standard_price = 1
        agreement = self.agree(None, (bolts, 0, 1))
        self.supplied("2026-01-10 12:00:00", 100)
        self.supplied("2026-01-10 12:00:00", 100, bolts)
        self.delivered(self.wanted("2026-02-05 08:00:00", 1), "2026-02-05 07:00:00", 1)
        self.wanted("2026-02-05 08:00:00", 9, bolts)
        self.figures(agreement)
        [(rate, wanted)] = self.env["vmi.performance"]._read_group(
            [("month", "=", FEBRUARY)], [], ["fill_rate:avg", "demanded_qty:sum"]
        )
        self.assertEqual((rate, wanted), (0.1, 10))
        levels = dict(
            self.env["vmi.performance"]._read_group(
                [("month", ">=", FEBRUARY)], ["product_id"], ["closing_value:sum"]
            )
        )
        # Of two months the mean, and of two products the sum.
        self.assertEqual(levels, {self.screws: 198, bolts: 100})
        [(total, lead_days)] = self.env["vmi.performance"]._read_group(
            [("month", ">=", FEBRUARY)], [], ["closing_value:sum", "lead_days:avg"]
        )
        self.assertEqual(total, 298)
        self.assertFalse(lead_days)

    def test_measuring_again_writes_nothing_that_stayed(self):
        agreement = self.agree(None)
        self.figures(agreement)
        self.env.flush_all()
        before = self.versions()
        agreement.action_refresh_performance()
        self.assertEqual(self.versions(), before)
        self.supplied("2026-03-10 12:00:00", 5)
        agreement.action_refresh_performance()
        changed = set(self.versions()) - set(before)
        self.assertEqual(len(changed), 1)

    def versions(self):
        self.env.cr.execute("SELECT ctid::text, month FROM vmi_performance ORDER BY month")
        return self.env.cr.fetchall()

    def test_the_schedule_measures_what_runs_back_to_its_start(self):
        agreement = self.agree(None)
        self.agree((self.make_product("Bolts", self.vendor), 0, 0), start=False)
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref(
                "supply_partner_performance.ir_cron_performance"
            ).sudo().method_direct_trigger()
        self.env.invalidate_all()
        rows = self.env["vmi.performance"].search([])
        self.assertEqual(rows.agreement_id, agreement)
        self.assertEqual(
            [str(row.month) for row in rows], ["2026-03-01", "2026-02-01", "2026-01-01"]
        )


class TestPromises(PerformanceCase):
    """On time in full, lead times and what was ordered, against sums by hand."""

    NAMES = ("Late", "Split", "Over", "Returned", "Postponed")

    def setUp(self):
        super().setUp()
        self.products = {name: self.make_product(name, self.vendor) for name in self.NAMES}
        self.agreement = self.agree(*[(product, 60, 120) for product in self.products.values()])
        self.order = self.ordered(self.agreement, "2026-02-02 09:00:00")  # due on 5 February

    def get(self, name, product):
        return self.figures(self.agreement, FEBRUARY, product)[name]

    def receive_all(self):
        late, split, over, returned, _postponed = self.products.values()
        self.received(self.order, "2026-02-07 12:00:00", late, 120)
        self.received(self.order, "2026-02-04 12:00:00", split, 70)
        self.received(self.order, "2026-02-05 23:00:00", split, 50)
        self.received(self.order, "2026-02-05 12:00:00", over, 130)
        came = self.received(self.order, "2026-02-04 12:00:00", returned, 120)
        with self.frozen("2026-02-05 12:00:00"):
            self.give_back(came, 10)
        line = self.order.order_line[-1]
        line.date_planned = "2026-04-01 12:00:00"

    def give_back(self, came, quantity):
        wizard = self.env["stock.return.picking"].sudo().create(
            {"picking_id": came.picking_id.id}
        )  # fmt: skip
        for line in wizard.product_return_moves:
            line.quantity = quantity if line.product_id == came.product_id else 0
            line.to_refund = True
        back = wizard._create_return()
        back.move_ids.write({"quantity": quantity, "picked": True})
        back.move_ids._action_done()

    def test_each_promise_is_judged_on_its_day(self):
        self.receive_all()
        kept = {name: self.get("kept_count", product) for name, product in self.products.items()}
        # A later date that the vendor names moves no promise.
        self.assertEqual(kept, {"Late": 0, "Split": 1, "Over": 1, "Returned": 0, "Postponed": 0})
        for product in self.products.values():
            self.assertEqual(self.get("promised_count", product), 1)
        self.agreement.delivery_tolerance = 0.1
        self.assertEqual(self.get("kept_count", self.products["Returned"]), 1)
        self.assertEqual(self.get("otif_rate", self.products["Late"]), 0)

    def test_a_sister_company_s_delivery_through_transit_keeps_the_promise(self):
        product = self.products["Late"]
        transit = self.env.ref("stock.stock_location_inter_company")
        self.order.sudo().picking_ids.move_ids.location_id = transit
        self.received(self.order, "2026-02-04 12:00:00", product, 120)
        self.assertEqual(self.get("kept_count", product), 1)

    def test_another_add_on_may_say_which_receipts_keep_a_promise(self):
        product = self.products["Late"]
        came = self.received(self.order, "2026-02-04 12:00:00", product, 120)
        came.origin = "Sample"
        self.assertEqual(self.get("kept_count", product), 1)
        lines = type(self.agreement.line_ids)
        usual = lines._get_receipt_condition
        self.patch(
            lines,
            "_get_receipt_condition",
            lambda line: SQL("%s AND move.origin IS DISTINCT FROM 'Sample'", usual(line)),
        )
        self.assertEqual(self.get("kept_count", product), 0)

    def test_lead_days_are_of_what_came_whole(self):
        self.receive_all()
        self.agreement.action_refresh_performance()
        [(days, deviation, count)] = self.env["vmi.performance"]._read_group(
            [("month", "=", FEBRUARY)],
            [],
            ["lead_days:avg", "lead_deviation:avg", "receipt_count:sum"],
        )
        # What went back after all had come changes nothing.
        self.assertEqual(count, 4)
        self.assertAlmostEqual(days, (5 + 3 + 3 + 2) / 4)
        self.assertAlmostEqual(deviation, stdev([5, 3, 3, 2]))
        self.assertEqual(self.get("lead_days", self.products["Late"]), 5)

    def test_what_the_buyer_cancelled_is_left_out_and_what_the_vendor_did_fails(self):
        product = self.products["Late"]
        self.order.button_cancel()
        self.assertEqual(self.get("promised_count", product), 0)
        self.order.vmi_is_vendor_cancelled = True
        self.assertEqual(
            (self.get("promised_count", product), self.get("kept_count", product)), (1, 0)
        )

    def test_what_is_not_due_is_not_judged(self):
        bolts = self.make_product("Bolts", self.vendor)
        agreement = self.agree((bolts, 60, 120))
        self.ordered(agreement, "2026-03-13 09:00:00")  # due today
        self.assertEqual(self.figures(agreement, MARCH, bolts).promised_count, 0)
        with self.frozen("2026-03-17 00:30:00"):
            self.assertEqual(self.figures(agreement, MARCH, bolts).promised_count, 1)

    def test_orders_add_up_to_whole_ones_and_a_price_above_the_agreed_is_told(self):
        self.agreement.line_ids[0].agreed_price = 1.5
        self.agreement.line_ids[1].agreed_price = 2.5
        self.agreement.action_refresh_performance()
        [(value, orders, excess)] = self.env["vmi.performance"]._read_group(
            [("month", "=", FEBRUARY)],
            [],
            ["ordered_value:sum", "order_count:sum", "price_excess:sum"],
        )
        self.assertEqual((value, round(orders, 6)), (5 * 120 * 2, 1))
        self.assertEqual(excess, 120 * 0.5)

    def test_accepted_unchanged(self):
        nuts, washers = (self.make_product(name, self.vendor) for name in ("Nuts", "Washers"))
        agreement = self.agree((nuts, 60, 120), (washers, 60, 120))
        proposal = agreement.review()
        proposal.line_ids[0].approved_qty = 100
        proposal.action_approve()
        self.env.cr.execute(
            "UPDATE vmi_proposal SET create_date = '2026-02-03' WHERE id = %s", (proposal.id,)
        )
        rows = [self.figures(agreement, FEBRUARY, product) for product in (nuts, washers)]
        self.assertEqual([row.acceptance_rate for row in rows], [0, 1])
        self.assertEqual([row.proposed_count for row in rows], [1, 1])
