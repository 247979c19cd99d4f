from datetime import timedelta
from math import sqrt
from statistics import NormalDist, stdev

from odoo.exceptions import UserError
from odoo.fields import Command, Datetime

from .common import VmiCase


class TestDemand(VmiCase):
    """Demand a day, lead time and the levels that follow from them, against sums by hand."""

    def sell(self, quantity, days_ago, product=None):
        return self.move(
            product or self.screws, quantity, self.stock, self.customers, days=-days_ago, done=True
        )

    def stock_up(self, quantity, days_ago, product=None):
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.move(product or self.screws, quantity, supplier, self.stock, days=-days_ago, done=True)

    def line(self, **vals):
        vals = {"product_id": self.screws.id, "method": "days_of_supply", **vals}
        vals = {"min_days": 10, "max_days": 20, **vals}
        return self.make_agreement(vals, demand_period_days=30).line_ids

    def test_the_demand_is_what_left_less_what_came_back(self):
        self.stock_up(1000, 100)
        for days_ago, quantity in ((1, 20), (5, 30), (29, 20)):
            self.sell(quantity, days_ago)
        self.sell(500, 31)  # before the window
        self.move(self.screws, 10, self.customers, self.stock, days=-2, done=True)
        line = self.line()
        self.assertEqual(line.daily_demand, 2)  # 60 in 30 days with stock
        self.assertFalse(line.is_demand_thin)
        self.assertEqual((line.level_min_qty, line.level_max_qty), (20, 40))
        figures = [20, -10, 30, 20] + [0] * 26
        self.assertAlmostEqual(line.daily_demand_deviation, stdev(figures), 4)

    def test_days_without_stock_do_not_count(self):
        # Empty until 20 days ago, empty again from 2 days ago: 18 starts of a day with stock.
        self.stock_up(90, 20)
        self.sell(36, 10)
        self.sell(54, 2)
        line = self.line()
        self.assertEqual(line.daily_demand, 5)

    def test_a_young_product_is_judged_by_the_days_since_it_was_first_there(self):
        self.stock_up(100, 12)
        for days_ago in range(1, 13):
            self.sell(5, days_ago)
        line = self.line()
        self.assertEqual(line.daily_demand, 5)
        self.assertTrue(line.is_demand_thin)

    def test_seven_days_count_at_least(self):
        self.stock_up(63, 2)
        self.sell(63, 2)
        self.assertEqual(self.line().daily_demand, 9)

    def test_what_was_there_before_the_window_is_not_young(self):
        self.stock_up(10, 90)
        self.sell(10, 80)
        self.stock_up(60, 5)
        self.sell(60, 2)
        line = self.line()
        self.assertEqual(line.daily_demand, 2)
        self.assertTrue(line.is_demand_thin)

    def test_whatever_leaves_for_good_is_demand(self):
        self.stock_up(1000, 100)
        company = self.company.with_env(self.env(su=True))
        other = self.env["stock.warehouse"].sudo().create({"name": "Other", "code": "OTH"})
        line_side = self.stock.sudo().copy(
            {"name": "Line", "location_id": self.warehouse.view_location_id.id}
        )
        transit = company.internal_transit_location_id
        vendors = self.env.ref("stock.stock_location_suppliers")
        loss = self.screws.with_company(company).property_stock_inventory
        for destination in (other.lot_stock_id, line_side, transit, self.customers):
            self.move(self.screws, 30, self.stock, destination, days=-3, done=True)
        for destination in (vendors, loss):
            self.move(self.screws, 30, self.stock, destination, days=-3, done=True)
        line = self.line()
        self.assertEqual(line.daily_demand, 4)
        self.assertEqual(line.stock_status, "on_track" if line.position_qty <= 80 else "above")
        line.agreement_id.counts_transfers = False
        line._measure()
        self.assertEqual(line.daily_demand, 1)

    def test_what_a_sister_company_takes_is_no_transfer(self):
        self.stock_up(1000, 100)
        between = self.env.ref("stock.stock_location_inter_company").sudo()
        between.active = True
        self.move(self.screws, 30, self.stock, between, days=-3, done=True)
        line = self.line()
        line.agreement_id.counts_transfers = False
        line._measure()
        self.assertEqual(line.daily_demand, 1)

    def test_a_pick_that_is_returned_before_it_is_shipped_is_none(self):
        self.stock_up(1000, 100)
        output = self.warehouse.wh_output_stock_loc_id.sudo()
        output.active = True
        pick = self.move(self.screws, 60, self.stock, output, days=-3, done=True)
        pick.location_final_id = self.customers
        back = self.move(self.screws, 30, output, self.stock, days=-2, done=True)
        back.origin_returned_move_id = pick
        line = self.line()
        self.assertEqual(line.daily_demand, 1)
        line.agreement_id.counts_transfers = False
        line._measure()
        self.assertEqual(line.daily_demand, 1)

    def test_today_and_moves_inside_are_no_demand(self):
        self.stock_up(100, 60)
        self.sell(50, 0)
        line = self.line()
        self.assertEqual(line.daily_demand, 0)

    def test_a_new_product_is_ordered_up_to_the_floor(self):
        line = self.line(min_floor=12)
        self.assertEqual((line.level_min_qty, line.level_max_qty), (12, 12))
        self.assertEqual(line.agreement_id.review().line_ids.suggested_qty, 12)

    def test_a_service_level_needs_ten_days_with_demand(self):
        self.stock_up(1000, 100)
        for days_ago in range(1, 10):
            self.sell(5, days_ago)
        with self.assertRaisesRegex(UserError, "Screws: Fewer than 10 days with demand"):
            self.line(method="service_level")
        self.sell(5, 11)
        self.assertTrue(self.line(method="service_level").level_min_qty)

    def test_a_service_level_by_hand(self):
        self.stock_up(1000, 100)
        sold = [5, 0, 10, 5, 0, 10, 5, 0, 10, 5, 0, 10, 5, 10, 5]
        for days_ago, quantity in enumerate(sold, start=1):
            if quantity:
                self.sell(quantity, days_ago)
        self.env["vmi.agreement"].search([]).action_close()
        line = self.line(method="service_level", service_target=0.95, cover_days=7)
        line.agreement_id.review_days = 4
        line._measure()
        demand = sum(sold) / 30
        deviation = stdev(sold + [0] * 15)
        # Three days of the vendor's row, for no receipts were seen, and four between reviews.
        safety = NormalDist().inv_cdf(0.95) * sqrt(7) * deviation
        self.assertAlmostEqual(line.level_min_qty, demand * 7 + safety, 2)
        self.assertAlmostEqual(line.level_max_qty, demand * 14 + safety, 2)

    def test_the_lead_time_is_what_the_vendor_took(self):
        def bought(days_ago, took):
            order = self.env["purchase.order"].create(
                {
                    "partner_id": self.vendor.id,
                    "picking_type_id": self.warehouse.in_type_id.id,
                    "order_line": [
                        Command.create(
                            {"product_id": self.screws.id, "product_qty": 1, "price_unit": 1}
                        )
                    ],
                }
            )
            order.button_confirm()
            self.receive(order)
            approved = Datetime.now() - timedelta(days=days_ago)
            order.sudo().date_approve = approved
            order.sudo().picking_ids.move_ids.date = approved + timedelta(days=took)

            return order

        for days_ago, took in ((30, 4), (40, 5), (50, 6), (60, 7)):
            bought(days_ago, took)
        line = self.line()
        self.assertEqual((line.lead_days, line.lead_deviation), (3, 0))
        bought(70, 8)
        line._measure()
        self.assertEqual(line.lead_days, 6)
        self.assertAlmostEqual(line.lead_deviation, stdev([4, 5, 6, 7, 8]), 6)
        # An exchange came 44 days after an order that had come whole on the fourth.
        order = bought(30, 4)
        moment = order.date_approve
        wizard = (
            self.env["stock.return.picking"].sudo().create({"picking_id": order.picking_ids.id})
        )
        wizard.product_return_moves.quantity = 1
        back = self.env["stock.picking"].browse(wizard.action_create_exchanges()["res_id"])
        for picking, days in ((back, 10), (order.picking_ids - order.picking_ids[0] - back, 44)):
            picking = picking.sudo()
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking.move_ids._action_done()
            picking.move_ids.date = moment + timedelta(days=days)
        self.assertEqual(order.order_line.move_ids.mapped("state"), ["done"] * 3)
        line._measure()
        self.assertAlmostEqual(line.lead_days, (4 + 5 + 6 + 7 + 8 + 4) / 6)
