from datetime import datetime, timedelta
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, mute_logger


class SimulationCase(VmiCase):
    """Days are counted from the first of a simulation, which is 1; the last is yesterday."""

    length = 12

    def moment(self, day):
        return datetime.now() - timedelta(days=self.length + 1 - day)

    def stock_up(self, quantity, day=-30):
        supplier = self.env.ref("stock.stock_location_suppliers")
        days = day - self.length - 1
        self.move(self.screws, quantity, supplier, self.stock, days=days, done=True)

    def sell(self, quantity, day, due=None):
        days = day - self.length - 1
        move = self.move(self.screws, quantity, self.stock, self.customers, days=days, done=True)
        if due:
            move.date_deadline = self.moment(due)

    def buy(self, quantity, approved, received):
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.screws.id,
                            "product_qty": quantity,
                            "price_unit": 2,
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        self.receive(order)
        order.sudo().date_approve = self.moment(approved)
        order.sudo().picking_ids.move_ids.date = self.moment(received)

    def simulate(self, agreement):
        simulation = self.env["vmi.simulation"].create(
            {
                "agreement_id": agreement.id,
                "date_start": self.moment(1).date(),
                "date_end": self.moment(self.length).date(),
            }
        )
        simulation.action_run()
        return simulation


class TestSimulation(SimulationCase):
    """What would have happened, beside what did, against days written out by hand."""

    def test_pressing_again_adds_nothing_until_the_terms_change(self):
        self.stock_up(30)
        self.sell(8, 1)
        agreement = self.make_agreement((self.screws, 10, 20))
        action = agreement.action_simulate()
        first = agreement.simulation_ids
        self.assertEqual((action["res_model"], action["res_id"]), (first._name, first.id))
        self.assertEqual(first.summary, "Fill rate 100 % as it was, the same stock")
        self.assertEqual(first.verdict, "same")
        again = agreement.action_simulate()
        self.assertEqual((agreement.simulation_ids, again["res_id"]), (first, first.id))
        agreement.line_ids.max_qty = 40
        other = agreement.action_simulate()
        self.assertNotEqual(other["res_id"], first.id)
        self.assertEqual(len(agreement.simulation_ids), 2)
        agreement.simulation_months = 3
        agreement.action_simulate()
        self.assertEqual(len(agreement.simulation_ids), 3)

    def test_a_line_by_hand(self):
        self.screws.sudo().standard_price = 2
        self.stock_up(30)
        self.buy(10, approved=-1, received=3)  # open at the start: kept
        self.buy(50, approved=4, received=6)  # ordered later: dropped
        for day, quantity in ((1, 8), (2, 15), (3, 12), (6, 10), (8, 20), (11, 4)):
            self.sell(quantity, day)
        self.sell(5, 6, due=4)  # in fact two days late
        self.move(  # a count found 3 fewer
            self.screws, 3, self.stock, self.screws.property_stock_inventory, days=-11, done=True
        )
        dozen = self.env.ref("uom.product_uom_dozen")
        agreement = self.make_agreement(
            {
                "product_id": self.screws.id,
                "min_qty": 20,
                "max_qty": 40,
                "replenishment_uom_id": dozen.id,
            },
            start=False,
            review_days=2,
        )
        line = self.simulate(agreement).line_ids
        # Day  came        wanted  stock  back order  position at a review      ordered
        #  1                    8     22              22 + 10 due on day 3 = 32
        #  2   count -3        15      4
        #  3   10              12      2               2                         38: 48 for day 6
        #  4                    5      0   3
        #  5                           0   3           0 + 48 - 3 = 45
        #  6   48              10     35
        #  7                          35              35
        #  8                   20     15
        #  9                          15              15                         25: 36 for day 12
        # 10                          15
        # 11                    4     11              11 + 36 = 47
        # 12   36                     47
        stock = [22, 4, 2, 0, 0, 35, 35, 15, 15, 15, 11, 47]
        self.assertEqual(line.series["simulated"], stock)
        self.assertEqual(line.demanded_qty, 74)
        self.assertAlmostEqual(line.fill_rate, 71 / 74)
        self.assertEqual(line.out_days, 2)
        self.assertEqual((line.stock_qty, line.stock_value), (16.75, 33.5))  # 201 in 12 days
        self.assertEqual((line.order_count, line.order_qty), (2, 42))

        actual = [22, 4, 2, 2, 2, 37, 37, 17, 17, 17, 13, 13]
        self.assertEqual(line.series["actual"], actual)
        self.assertAlmostEqual(line.actual_fill_rate, 69 / 74)
        self.assertEqual(line.actual_out_days, 0)
        self.assertEqual((line.actual_stock_qty, line.actual_stock_value), (15.25, 30.5))
        self.assertEqual((line.actual_order_count, line.actual_order_qty), (1, 50))

    def test_the_whole_is_the_sum_of_its_products(self):
        bolts = self.make_product("Bolts", self.vendor)
        self.screws.sudo().standard_price = 2
        bolts.sudo().standard_price = 3
        self.stock_up(30)
        self.put(bolts, 10)  # nobody wants them
        self.sell(12, 3)
        simulation = self.simulate(
            self.make_agreement((self.screws, 0, 0), (bolts, 0, 0), start=False)
        )
        # Screws: 2 days with 30, then 10 days with 18.
        self.assertEqual(simulation.stock_value, 2 * 20 + 3 * 10)
        self.assertEqual(simulation.actual_stock_value, simulation.stock_value)
        self.assertEqual((simulation.fill_rate, simulation.actual_fill_rate), (1, 1))
        self.assertEqual((simulation.out_days, simulation.order_count), (0, 0))
        self.assertEqual(simulation.state, "done")

    def test_days_of_supply_know_past_days_only(self):
        self.length = 10
        self.stock_up(80)
        self.buy(100, approved=2, received=3)
        for day in range(-19, -9):
            self.sell(2, day)
        for day in range(-9, 1):
            self.sell(4, day)
        for day in range(1, 11):
            self.sell(6, day)
        agreement = self.make_agreement(
            {
                "product_id": self.screws.id,
                "method": "days_of_supply",
                "min_days": 5,
                "max_days": 10,
            },
            start=False,
            review_days=5,
            demand_period_days=20,
        )
        line = self.simulate(agreement).line_ids
        # Day 1: (10 * 2 + 10 * 4) / 20 = 3 a day, so 15 to 30; 14 are left: 16 for day 4.
        # Day 6: (5 * 2 + 10 * 4 + 5 * 6) / 20 = 4 a day, so 20 to 40; none is left: 40 for day 9.
        self.assertEqual(line.series["simulated"], [14, 8, 2, 12, 6, 0, 0, 0, 22, 16])
        self.assertEqual((line.order_count, line.order_qty), (2, 28))
        self.assertAlmostEqual(line.fill_rate, 48 / 60)
        self.assertEqual(line.out_days, 3)

    def test_a_day_s_levels_are_those_that_a_review_found_on_it(self):
        self.stock_up(60, day=-20)
        self.sell(17, -18)
        self.buy(90, approved=-9, received=-5)
        for day in range(-17, 12):
            self.sell((day * 7) % 5 + 0.5 if day % 4 else 0.25, day)
        agreement = self.make_agreement(
            {"product_id": self.screws.id, "method": "service_level", "service_target": 0.9},
            start=False,
            demand_period_days=25,
        )
        with freeze_time(self.moment(self.length)):
            found = agreement.line_ids._find()[agreement.line_ids]
        simulation = self.env["vmi.simulation"].create({"agreement_id": agreement.id, "months": 1})
        with simulation._prepare_simulation((1,)) as days:
            days.run()
            [(demand, least, most)] = self.env.execute_query(
                SQL(
                    "SELECT daily_demand, level_min, level_max FROM %s WHERE day = %s",
                    days.history,
                    simulation.date_end,
                )
            )
        self.assertGreater(demand, 1)
        self.assertAlmostEqual(demand, found["daily_demand"])
        self.assertEqual((least, most), (found["level_min"], found["level_max"]))

    def test_a_day_s_forecast_is_that_of_a_review_on_it(self):
        self.stock_up(600, day=-90)
        for day in range(-80, 12):
            if (day * 5) % 3:
                self.sell((day * 7) % 5 + 0.5, day)
        agreement = self.make_agreement(
            {"product_id": self.screws.id, "method": "forecast", "service_target": 0.9},
            start=False,
        )
        with freeze_time(self.moment(self.length)):
            found = agreement.line_ids._find()[agreement.line_ids]
        simulation = self.env["vmi.simulation"].create({"agreement_id": agreement.id, "months": 1})
        with simulation._prepare_simulation((1,)) as days:
            days.run()
            [(least, most)] = self.env.execute_query(
                SQL(
                    "SELECT level_min, level_max FROM %s WHERE day = %s",
                    days.history,
                    simulation.date_end,
                )
            )
        self.assertGreater(found["weeks"], 10)
        self.assertGreater(least, 1)
        self.assertEqual((least, most), (found["level_min"], found["level_max"]))

    def test_a_day_goes_by_the_method_that_was_in_force_on_it(self):
        self.stock_up(600, day=-90)
        for day in range(-80, 12):
            if (day * 5) % 9 == 0:
                self.sell((day * 7) % 5 + 1, day)
        agreement = self.make_agreement(
            {"product_id": self.screws.id, "method": "forecast", "service_target": 0.9},
            start=False,
        )
        line = agreement.line_ids
        agreement.review_days = 7

        def found_on(moment):
            with freeze_time(moment):
                return line._find()[line]

        simulation = self.env["vmi.simulation"].create({"agreement_id": agreement.id, "months": 1})
        with simulation._prepare_simulation((1,)) as days:
            reviews = [day for day, _next_day in days.scope.reviews]
        before, after = reviews[-2:]
        usual = [found_on(day.isoformat() + " 12:00:00") for day in (before, after)]
        self.assertEqual([found["forecast_method"] for found in usual], ["ses", "ses"])
        self.env["vmi.forecast.champion"].sudo().create(
            {
                "company_id": self.company.id,
                "demand_class": usual[1]["demand_class"],
                "method": "sba",
                "date": after,
            }
        )
        new = found_on(after.isoformat() + " 12:00:00")
        self.assertEqual(new["forecast_method"], "sba")
        self.assertNotEqual(new["weekly_forecast"], usual[1]["weekly_forecast"])
        with simulation._prepare_simulation((1,)) as days:
            days.run()
            levels = self.env.execute_query(
                SQL(
                    "SELECT level_min, level_max FROM %s WHERE day = ANY(%s) ORDER BY day",
                    days.history,
                    [before, after],
                )
            )
        expected = [(row["level_min"], row["level_max"]) for row in (usual[0], new)]
        self.assertEqual(levels, expected)

    def test_a_delivery_that_is_known_ahead_counts(self):
        self.stock_up(30)
        self.sell(15, 4)
        outgoing = [("product_id", "=", self.screws.id), ("location_id", "=", self.stock.id)]
        move = self.env["stock.move"].sudo().search(outgoing)
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE stock_move SET create_date = %s WHERE id = %s", [self.moment(2), move.id]
        )
        line = self.simulate(self.make_agreement((self.screws, 20, 40), start=False)).line_ids
        # Day 2: 30 - 15 to deliver on day 4 = 15, so 25 for day 5.
        self.assertEqual(line.series["simulated"], [30, 30, 30, 15] + [40] * 8)

    def test_what_is_not_there_is_lost_at_the_point_of_sale(self):
        self.stock_up(10)
        self.buy(20, approved=1, received=2)
        for day in (1, 3, 6):
            self.sell(8, day)
        agreement = self.make_agreement((self.screws, 5, 20), start=False)
        sold_at_once = patch.object(
            type(self.env["vmi.simulation"]), "_get_sold_at_once", lambda self: SQL("TRUE")
        )
        with sold_at_once:
            line = self.simulate(agreement).line_ids
        # Day 1: 2 left, 18 for day 4. Day 3: 2 sold, 6 lost. Day 6: 12 left of 20.
        self.assertEqual(line.series["simulated"][:7], [2, 2, 0, 18, 18, 10, 10])
        self.assertEqual(line.lost_qty, 6)
        self.assertAlmostEqual(line.fill_rate, 18 / 24)
        self.assertEqual(line.actual_fill_rate, 1)  # stock on every evening

    def test_a_small_order_is_held(self):
        self.stock_up(30)
        for day in range(1, 11):
            self.sell(3, day)
        agreement = self.make_agreement((self.screws, 20, 40), start=False, minimum_order_value=60)
        line = self.simulate(agreement).line_ids
        # On day 4 there are 18: 22 at 2.00 are worth 44. On day 7 there are 9: 31 are worth 62.
        self.assertEqual((line.order_count, line.order_qty), (1, 31))
        self.assertEqual(line.series["simulated"][5:11], [12, 9, 6, 3, 31, 31])

    def test_a_small_order_goes_when_the_shelf_would_be_empty(self):
        self.stock_up(30)
        self.buy(30, approved=2, received=3)
        for day in range(-9, 11):
            self.sell(1.5 if day < 1 else 3, day)
        agreement = self.make_agreement(
            (self.screws, 10, 12), start=False, minimum_order_value=1000, review_days=4
        )
        line = self.simulate(agreement).line_ids
        # 15 at the start. Day 1: 12. Day 5: none is left, so 12 go at once, though worth 24.
        self.assertEqual(line.series["simulated"][:8], [12, 9, 6, 3, 0, 0, 0, 3])
        self.assertEqual(line.order_qty, 12)

    def test_higher_levels_serve_better_and_hold_more(self):
        self.screws.sudo().standard_price = 2
        self.stock_up(20)
        self.buy(100, approved=1, received=2)
        for day in range(1, 13):
            self.sell(7, day)
        simulation = self.simulate(self.make_agreement((self.screws, 14, 28), start=False))
        factors = simulation.factor_ids
        self.assertEqual(factors.mapped("factor"), [0.5, 0.75, 1, 1.25, 1.5, 2])
        for name in ("fill_rate", "stock_value"):
            self.assertEqual(factors.mapped(name), sorted(factors.mapped(name)))
            self.assertLess(factors[0][name], factors[-1][name])
        self.assertEqual(factors[2].stock_value, simulation.stock_value)
        # Half, 7 to 14: day 2 ends with 6, so 8 are ordered; from then on 7 a day are wanted and
        # 14 are ordered on every second day.
        self.assertEqual(factors[0].order_count, 6)

    def test_a_simulation_without_its_days_is_refused(self):
        agreement = self.make_agreement((self.screws, 20, 40), start=False)
        for day in ("date_start", "date_end"):
            with self.assertRaisesRegex(ValidationError, "runs over past days"):
                self.env["vmi.simulation"].create({"agreement_id": agreement.id, day: False})

    def test_what_cannot_be_simulated_says_what_to_do(self):
        agreement = self.make_agreement((self.screws, 20, 40), start=False)
        with self.assertRaisesRegex(UserError, "there is nothing to simulate: choose other days"):
            agreement.action_simulate()
        for months in (0, 50_000):
            with self.assertRaisesRegex(ValidationError, "covers 1 to 120 months"):
                self.env["vmi.simulation"].create({"agreement_id": agreement.id, "months": months})
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, "simulation_months_range"),
                self.env.cr.savepoint(),
            ):
                agreement.simulation_months = months
                agreement.flush_recordset()
            agreement.invalidate_recordset()
        with self.assertRaisesRegex(ValidationError, "a later First Day"):
            self.env["vmi.simulation"].create(
                {"agreement_id": agreement.id, "date_start": "1900-01-01"}
            )
        agreement.line_ids.unlink()
        agreement.simulation_months = 1
        with self.assertRaisesRegex(UserError, "add at least one before simulating"):
            agreement.action_simulate()
        agreement.action_close()
        with self.assertRaisesRegex(UserError, "only when it is draft / running"):
            agreement.action_simulate()

    def test_another_company_s_simulation_is_not_seen(self):
        self.stock_up(30)
        self.sell(5, 3)
        simulation = self.simulate(self.make_agreement((self.screws, 20, 40), start=False))
        south = self.make_company("Southwind")
        stranger = self.make_buyer("stranger", south)
        for records in (simulation, simulation.line_ids, simulation.factor_ids):
            self.assertTrue(records.with_env(self.env).search([]))
            theirs = records.with_user(stranger).with_context(allowed_company_ids=south.ids)
            self.assertFalse(theirs.search([]))

    def test_the_result_is_told_in_words(self):
        agreement = self.make_agreement((self.screws, 10, 20), start=False)
        self.stock_up(30)
        self.sell(8, 1)
        agreement.action_simulate()
        result = agreement.simulation_ids.sudo()
        nbsp = "\N{NO-BREAK SPACE}"
        for fill, actual, stock, before, words, verdict in (
            (1, 0.82, 40_000, 0, f"Fill rate 100 % instead of 82 %, stock +{nbsp}", "better"),
            (0.9, 0.955, 0, 250.4, f"Fill rate 90 % instead of 95.5 %, stock −{nbsp}", "worse"),
            (0.9, 0.9, 10, 10, "Fill rate 90 % as it was, the same stock", "same"),
            (0.9, 0.9, 5, 10, f"Fill rate 90 % as it was, stock −{nbsp}", "better"),
        ):
            result.write(
                {
                    "fill_rate": fill,
                    "actual_fill_rate": actual,
                    "stock_value": stock,
                    "actual_stock_value": before,
                }
            )
            self.assertEqual(result.summary[: len(words)], words)
            self.assertEqual(result.verdict, verdict)
        self.assertEqual(
            result.factor_ids.mapped("label"),
            ["× 0.50", "× 0.75", "As agreed", "× 1.25", "× 1.50", "× 2"],
        )

    def test_the_result_starts_the_agreement(self):
        agreement = self.make_agreement((self.screws, 10, 20), start=False)
        self.stock_up(30)
        self.sell(8, 1)
        agreement.action_simulate()
        action = agreement.simulation_ids.action_ask_start()
        start = self.env[action["res_model"]].with_context(**action["context"]).create({})
        answer = start.action_start()
        self.assertEqual(agreement.state, "running")
        self.assertEqual(answer["params"]["next"]["res_id"], agreement.id)
