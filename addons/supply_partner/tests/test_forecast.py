from datetime import timedelta
from random import Random
from statistics import NormalDist

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL

from ..tools import covering_quantity
from ..tools.forecast import demand_of_period, forecast, season_indices
from .common import VmiCase


class ForecastCase(VmiCase):
    """A shelf whose weeks are made day by day."""

    @property
    def suppliers(self):
        return self.env.ref("stock.stock_location_suppliers")

    def sell(self, quantity, days_ago, product=None):
        self.move(
            product or self.screws, quantity, self.stock, self.customers, days=-days_ago, done=True
        )

    def stock_up(self, quantity, days_ago, product=None):
        self.move(
            product or self.screws, quantity, self.suppliers, self.stock, days=-days_ago, done=True
        )

    def sell_weekly(self, quantities, product=None):
        """Sell something in each week's middle, the latest week first; stock never ends."""
        # The evening before: a day without stock at its start is none with stock.
        self.stock_up(100_000, 7 * len(quantities) + 1, product)
        for week, quantity in enumerate(quantities):
            if quantity:
                self.sell(quantity, 7 * week + 4, product)

    def line(self, product=None, **vals):
        vals = {"product_id": (product or self.screws).id, "method": "forecast", **vals}
        return self.make_agreement(vals, review_days=7).line_ids

    def expect(self, weeks, days=10, target=0.95):
        """Return the forecast of weeks, and mean, variance and covering quantity of days.

        :param weeks: demand, the latest first, of whole weeks with stock
        """
        found = forecast([(quantity, 7) for quantity in reversed(weeks)])
        mean, spread = demand_of_period(found.rate, found.variance, days)
        return found, mean, spread, covering_quantity(mean, spread, target)


class TestForecast(ForecastCase):
    """From what left the shelf to a forecast and the levels that cover it."""

    def test_the_minimum_covers_what_the_weeks_foretell(self):
        weeks = [12, 0, 7, 9, 3, 15, 8, 0, 6, 10, 4, 11]
        self.sell_weekly(weeks)
        line = self.line(service_target=0.95, cover_days=14)
        found, mean, spread, covering = self.expect(weeks)
        self.assertEqual(line.counted_weeks, 12)
        self.assertAlmostEqual(line.weekly_forecast, found.rate, 3)
        # Three days of the vendor's row and seven between reviews.
        self.assertEqual(line.forecast_days, 10)
        self.assertAlmostEqual(line.forecast_qty, mean, 3)
        self.assertAlmostEqual(line.forecast_deviation, spread**0.5, 3)
        self.assertEqual(line.level_min_qty, covering)
        self.assertAlmostEqual(line.level_max_qty, covering + found.rate / 7 * 14, 2)
        self.assertEqual((line.demand_class, line.forecast_flag), (found.demand_class, False))
        self.assertIn(f"{covering} are enough in 95 % of cycles", line.forecast_note)

    def test_a_year_of_random_days_is_the_same_by_sql_and_by_the_formulas(self):
        random = Random(19)
        for _shelf in range(6):
            product = self.make_product(f"Nails {_shelf}", self.vendor)
            first = random.choice((60, 200, 380))
            chance = random.choice((0.05, 0.3, 0.9))
            stock, days = 0, []
            for ago in range(first, 0, -1):
                opening = stock
                received = sold = 0
                if ago == first or (stock <= 0 and random.random() < 0.2):
                    received = random.randint(5, 60)
                    self.stock_up(received, ago, product)
                if random.random() < chance and stock + received > 0:
                    sold = random.randint(1, min(9, stock + received))
                    self.sell(sold, ago, product)
                stock += received - sold
                days.append((ago, sold, opening > 0 or sold > 0))
            line = self.line(product)
            weeks = []
            for week in range(51, -1, -1):
                within = [day for day in days if 7 * week < day[0] <= 7 * week + 7]
                if within:
                    weeks.append((sum(day[1] for day in within), sum(day[2] for day in within)))
            found = forecast(weeks)
            self.assertEqual(line.counted_weeks, found.weeks)
            if found.weeks < 8:
                continue
            self.assertAlmostEqual(line.weekly_forecast, found.rate, 3)
            mean, spread = demand_of_period(found.rate, found.variance, 10)
            self.assertAlmostEqual(line.forecast_qty, mean, 3)
            self.assertAlmostEqual(line.forecast_deviation, spread**0.5, 3)
            self.assertEqual(line.demand_class, found.demand_class)
            self.assertEqual(line.forecast_flag or None, found.flag)

    def test_a_lead_time_that_varies_adds_to_the_error(self):
        self.sell_weekly([10, 6] * 6)
        line = self.line()
        for took in (2, 3, 4, 5, 6):
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
            order.sudo().date_approve = order.date_approve - timedelta(days=60)
            order.sudo().picking_ids.move_ids.date = order.date_approve + timedelta(days=took)
        line._measure()
        found = forecast([(quantity, 7) for quantity in [6, 10] * 6])
        mean, spread = demand_of_period(found.rate, found.variance, 4 + 7, 2.5**0.5)
        self.assertAlmostEqual(line.forecast_deviation, spread**0.5, 3)
        self.assertEqual(line.level_min_qty, covering_quantity(mean, spread, 0.95))

    def test_weeks_without_stock_are_passed_over(self):
        # Stock came 21 days ago, ended 14 days ago, came again 7 days ago.
        self.stock_up(70, 21)
        self.sell(70, 15)
        self.stock_up(500, 7)
        self.sell(35, 3)
        line = self.line()
        self.assertEqual(line.counted_weeks, 2)

    def test_a_new_product_goes_by_days_of_supply(self):
        self.sell_weekly([14] * 6)
        line = self.line(min_days=5, max_days=20, min_floor=3)
        self.assertEqual((line.demand_class, line.forecast_flag), ("new", "few_weeks"))
        self.assertAlmostEqual(line.level_min_qty, line.daily_demand * 5, 2)
        self.assertAlmostEqual(line.level_max_qty, line.daily_demand * 20, 2)
        line.write({"min_days": 0, "max_days": 0})
        # With no days agreed: lead time and review, and the days beyond them.
        self.assertAlmostEqual(line.level_min_qty, line.daily_demand * 10, 2)
        self.assertAlmostEqual(line.level_max_qty, line.daily_demand * 17, 2)

    def test_a_product_that_was_never_there_keeps_its_safety_minimum(self):
        line = self.line(min_floor=12)
        self.assertEqual((line.counted_weeks, line.forecast_flag), (0, "few_weeks"))
        self.assertEqual((line.level_min_qty, line.level_max_qty), (12, 12))

    def test_a_single_week_is_said(self):
        self.stock_up(100, 6)
        self.sell(10, 2)
        line = self.line()
        self.assertEqual(line.forecast_flag, "one_week")
        self.assertGreater(line.level_min_qty, 0)
        self.assertIn("days", line.forecast_note)

    def test_weeks_without_any_demand_are_said(self):
        self.stock_up(100, 360)
        line = self.line()
        self.assertEqual((line.counted_weeks, line.forecast_flag), (52, "no_demand"))
        self.assertEqual((line.weekly_forecast, line.level_min_qty, line.level_max_qty), (0, 0, 0))

    def test_one_giant_order_is_said(self):
        weeks = [3] * 30
        weeks[20] = 4000
        self.sell_weekly(weeks)
        line = self.line()
        self.assertEqual(line.forecast_flag, "giant")
        self.assertEqual(line.level_min_qty, self.expect(weeks)[3])
        self.assertLess(line.level_min_qty, 4000)

    def test_a_named_predecessor_lends_its_weeks(self):
        weeks = [10, 14, 6, 12, 9, 11, 8, 13, 10]
        old = self.make_product("Old Screws")
        self.sell_weekly(weeks, old)
        line = self.line(predecessor_id=old.id, predecessor_factor=0.5)
        found, mean, spread, _covering = self.expect(weeks)
        self.assertEqual((line.demand_class, line.forecast_flag), ("new", "predecessor"))
        self.assertAlmostEqual(line.forecast_qty, mean / 2, 3)
        self.assertAlmostEqual(line.forecast_deviation, spread**0.5 / 2, 3)
        self.assertEqual(line.level_min_qty, covering_quantity(mean / 2, spread / 4, 0.95))
        self.assertAlmostEqual(line.weekly_forecast, found.rate / 2, 3)

    def test_a_predecessor_is_another_product_times_something(self):
        for vals, said in (
            ({"predecessor_id": self.screws.id}, "Predecessor"),
            ({"predecessor_id": self.make_product("A").id, "predecessor_factor": 0}, "Times"),
            ({"predecessor_id": self.make_product("B").id, "predecessor_factor": 1e6}, "Times"),
            ({"service_target": 1.0}, "Service Target"),
            ({"min_days": 9, "max_days": 3}, "Maximum Days"),
        ):
            with self.subTest(vals=vals), self.assertRaisesRegex(ValidationError, said):
                self.line(**vals)

    def test_a_season_is_divided_out_and_multiplied_in(self):
        today = self.company._vmi_today()
        weeks = []
        for week in range(104):
            month = (today - timedelta(days=7 * week + 4)).month
            weeks.append(20 if month in (6, 7, 8) else 5)
        self.sell_weekly(weeks)
        line = self.line(is_seasonal=True)
        self.assertFalse(self.env["vmi.season"].search([]), "found with a review")
        line.agreement_id.review()
        rows = self.env["vmi.season"].search([("company_id", "=", self.company.id)])
        expected = season_indices(
            [
                ("screws", (today - timedelta(days=7 * week + 4)).month, quantity)
                for week, quantity in enumerate(weeks)
            ]
        )
        self.assertEqual({row.month: round(row.index, 6) for row in rows},
                         {month: round(index, 6) for month, index in expected.items()})  # fmt: skip
        found = forecast(
            [
                (quantity / expected[(today - timedelta(days=7 * week + 4)).month], 7)
                for week, quantity in reversed(list(enumerate(weeks)))
            ]
        )
        ahead = sum(expected[(today + timedelta(days=n)).month] for n in range(10)) / 10
        self.assertEqual(line.counted_weeks, 104)
        self.assertAlmostEqual(line.weekly_forecast, found.rate * ahead, 3)
        self.assertAlmostEqual(line.forecast_qty, found.rate * ahead * 10 / 7, 3)
        # A line alone finds what all of them do.
        line._measure()
        self.assertAlmostEqual(line.weekly_forecast, found.rate * ahead, 3)

    def test_without_two_years_there_is_no_season(self):
        self.sell_weekly([5] * 60)
        line = self.line(is_seasonal=True)
        line.agreement_id.review()
        self.assertFalse(self.env["vmi.season"].search([]))
        self.assertAlmostEqual(line.weekly_forecast, 5, 3)

    def test_what_is_planned_takes_the_place_of_the_weeks(self):
        self.sell_weekly([14] * 10)
        line = self.line()
        today = self.company._vmi_today()

        def plan(days):
            return lambda lines, company: [
                SQL(
                    "SELECT line_id, %s::date + n AS day, 30 AS quantity "
                    "FROM vmi_agreement_line line, "
                    "LATERAL (SELECT line.id AS line_id) AS ids, "
                    "UNNEST(%s::integer[]) AS n WHERE line.id = %s",
                    today,
                    days,
                    line.id,
                )
            ]

        self.patch(type(self.env["vmi.agreement.line"]), "_get_planned_demands", plan([2, 4, 50]))
        line._measure()
        # Eight days by the weeks, two as planned; the third lies beyond.
        self.assertAlmostEqual(line.forecast_qty, 14 / 7 * 8 + 60, 3)
        self.assertEqual(line.forecast_flag, "planned")
        self.assertGreaterEqual(line.level_min_qty, 76)

    def test_a_new_product_goes_by_its_plan(self):
        line = self.line()
        today = self.company._vmi_today()
        self.patch(
            type(self.env["vmi.agreement.line"]),
            "_get_planned_demands",
            lambda lines, company: [
                SQL("SELECT %s AS line_id, %s::date AS day, 40 AS quantity", line.id, today)
            ],
        )
        line._measure()
        # Nothing says how it varies: as much as counts do.
        self.assertEqual(line.level_min_qty, covering_quantity(40, 0, 0.95))

    def test_a_proposal_says_forecast_error_and_quantile(self):
        weeks = [10, 14, 6, 12, 9, 11, 8, 13, 10]
        self.sell_weekly(weeks)
        line = self.line()
        self.put(self.screws, 3 - line.on_hand_qty)
        line._measure()
        proposed = line.agreement_id.review().line_ids
        _found, mean, spread, covering = self.expect(weeks)
        self.assertEqual(proposed.forecast_target, 0.95)
        self.assertIn(
            f"(forecast {round(mean, 1):g} in 10 days, error ±{round(spread**0.5, 1):g}; "
            "in 95 % of cycles "
            f"{covering} are enough)",
            proposed.explanation,
        )
        other = self.make_agreement((self.make_product("Nuts", self.vendor), 5, 9))
        self.assertNotIn("forecast", other.review().line_ids.explanation)

    def test_levels_in_words(self):
        line = self.line(service_target=0.98, cover_days=14)
        self.assertEqual(line.levels_text, "98 % service, 14 days")

    def test_a_season_that_was_typed_wins(self):
        self.sell_weekly([14] * 10)
        today = self.company._vmi_today()
        line = self.line(
            season_start=today, season_end=today, season_min_qty=500, season_max_qty=600
        )
        self.assertEqual((line.level_min_qty, line.level_max_qty), (500, 600))
        self.assertNotIn("enough", line.forecast_note)

    def test_other_methods_know_nothing_of_it(self):
        self.sell_weekly([14] * 10)
        line = self.line(method="min_max", min_qty=5, max_qty=9)
        self.assertEqual((line.forecast_days, line.forecast_qty, line.demand_class), (0, 0, False))
        self.assertFalse(line.forecast_note)

    def test_each_company_looks_at_its_own_weeks(self):
        weeks = [10, 14, 6, 12, 9, 11, 8, 13, 10]
        self.sell_weekly(weeks)
        other = self.make_company("Southwind")
        buyer = self.make_buyer("south buyer", other)
        env = self.env(user=buyer, context={**self.env.context, "allowed_company_ids": other.ids})
        agreement = env["vmi.agreement"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": other.id,
                "line_ids": [Command.create({"product_id": self.screws.id, "method": "forecast"})],
            }
        )
        agreement.action_start()
        self.assertEqual(agreement.line_ids.counted_weeks, 0)
        mine = self.line()
        self.assertEqual(mine.counted_weeks, 9)
        mine.agreement_id.review()
        agreement.review()
        self.assertFalse(env["vmi.forecast"].search([("line_id", "=", mine.id)]))
        self.assertTrue(env["vmi.forecast"].search([("line_id", "=", agreement.line_ids.id)]))
        with self.assertRaises(AccessError):
            env["vmi.forecast"].browse(mine.sudo().forecast_ids.ids).read(["forecast_qty"])

    def test_nobody_writes_what_was_forecast(self):
        self.sell_weekly([14] * 10)
        line = self.line()
        line.agreement_id.review()
        for values in ({"forecast_qty": 1}, {"actual_qty": 1}):
            with self.assertRaises(AccessError):
                line.forecast_ids.write(values)
        with self.assertRaises(AccessError):
            line.write({"weekly_forecast": 3})
        outsider = self.make_buyer("warehouse worker", self.company, "stock.group_stock_user")
        with self.assertRaises(AccessError):
            line.forecast_ids.with_user(outsider).read(["forecast_qty"])

    def test_the_usual_rule_is_that_of_a_service_level(self):
        self.sell_weekly([7, 9, 5, 8, 6, 7, 7, 9, 4, 8, 10, 6, 7])
        line = self.line()
        line.agreement_id.review()
        z = NormalDist().inv_cdf(0.95)
        usual = line.daily_demand * 10
        self.assertAlmostEqual(line.forecast_ids.usual_qty, usual, 2)
        self.assertAlmostEqual(
            line.forecast_ids.usual_quantile_qty,
            usual + z * 10**0.5 * line.daily_demand_deviation,
            2,
        )
