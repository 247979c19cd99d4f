from datetime import timedelta
from random import Random

from odoo.exceptions import AccessError

from ..tools import FEWEST_FORECASTS, METHODS, ORIGINS, REVIEWS, covering_quantity
from ..tools.forecast import demand_of_period, forecast
from ..tools.forecast_methods import weekly_rates
from .test_forecast import ForecastCase

# Origins until a challenger can win.
ENOUGH = ORIGINS + REVIEWS - 1
# Products that are forecast every week, until there are enough forecasts to judge.
SHELVES = FEWEST_FORECASTS // ORIGINS


class TestForecastChampions(ForecastCase):
    """Each method makes forecasts beside, and the best may take over a class of demand."""

    @property
    def champions(self):
        return self.env["vmi.forecast.champion"].search([("company_id", "=", self.company.id)])

    def add_shelves(self, line, count=SHELVES):
        """Agree on more products like one of a line, until there are so many; return all lines."""
        for shelf in range(1, count):
            bolts = self.make_product(f"Bolts {line.id} {shelf}", self.vendor)
            line.copy({"product_id": bolts.id, "agreement_id": line.agreement_id.id})
        return line.agreement_id.line_ids

    def compare(self, lines, losses, demand_class="smooth", first_week=1):
        """Keep what the methods lost in past weeks, the latest first, with each of some lines.

        :param losses: by method, of each week; what is not named lost 100
        """
        today = self.company._vmi_today()
        weeks = [
            (week, lost, line) for week, lost in enumerate(losses, first_week) for line in lines
        ]
        made = (
            self.env["vmi.forecast"]
            .sudo()
            .create(
                [
                    {
                        "line_id": line.id,
                        "company_id": line.company_id.id,
                        "date": today - timedelta(weeks=week + 1),
                        "period_days": 10,
                        "target": 0.95,
                        "demand_class": demand_class,
                        "is_compared": True,
                    }
                    for week, _lost, line in weeks
                ]
            )
        )
        self.env["vmi.forecast.challenger"].sudo().create(
            [
                {
                    "forecast_id": row.id,
                    "company_id": row.company_id.id,
                    "method": method,
                    "pinball_loss": lost.get(method, 100),
                }
                for row, (_week, lost, _line) in zip(made, weeks, strict=True)
                for method in METHODS
            ]
        )

    def decide(self, day=None):
        self.env["vmi.forecast.champion"]._decide(self.company, day or self.company._vmi_today())

    def test_every_method_forecasts_beside_as_its_formula_says(self):
        random = Random(7)
        by_product = {}
        for shelf, chance in enumerate((0.1, 0.3, 0.6, 0.9, 1)):
            product = self.make_product(f"Nails {shelf}", self.vendor)
            by_product[product] = [
                random.randint(1, 12) if random.random() < chance else 0
                for _week in range(random.randint(9, 50))
            ]
            self.sell_weekly(by_product[product], product)
        terms = [{"product_id": product.id, "method": "forecast"} for product in by_product]
        agreement = self.make_agreement(*terms, review_days=7)
        agreement.review()
        for line in agreement.line_ids:
            counted = [float(quantity) for quantity in reversed(by_product[line.product_id])]
            spread = forecast([(quantity, 7) for quantity in counted]).variance
            made = line.forecast_ids.challenger_ids
            self.assertEqual(set(made.mapped("method")), set(METHODS))
            for row in made:
                rate = weekly_rates(counted)[row.method]
                mean, variance = demand_of_period(rate, spread, 10)
                self.assertAlmostEqual(row.forecast_qty, mean, 3, row.method)
                self.assertEqual(row.quantile_qty, covering_quantity(mean, variance, 0.95))
            self.assertEqual((line.forecast_method, line.forecast_ids.forecast_method),
                             ("ses", "ses"))  # fmt: skip

    def test_methods_are_compared_once_a_week(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        agreement = line.agreement_id
        agreement.review()
        agreement.review()
        self.assertEqual(len(line.forecast_ids.challenger_ids), len(METHODS))
        for ago, compared in ((6, False), (1, True)):
            self.env.cr.execute("UPDATE vmi_forecast SET date = date - %s", [ago])
            self.env.invalidate_all()
            agreement.review()
            latest = line.forecast_ids.sorted("date")[-1]
            self.assertEqual(bool(latest.challenger_ids), compared)
            if not compared:
                latest.sudo().unlink()

    def test_a_new_product_is_not_compared(self):
        self.sell_weekly([14] * 5)
        line = self.line(min_days=3, max_days=9)
        line.agreement_id.review()
        self.assertTrue(line.forecast_ids)
        self.assertFalse(line.forecast_ids.challenger_ids)
        self.assertFalse(line.forecast_method_note)
        self.assertFalse(self.champions)

    def test_what_methods_lost_is_known_with_the_outcome(self):
        self.sell_weekly([14, 0, 0, 30, 6, 0, 22, 0, 9, 0, 0, 8])
        line = self.line()
        line.agreement_id.review()
        first = line.forecast_ids
        for move in self.env["stock.move"].sudo().search([("product_id", "=", self.screws.id)]):
            move.date -= timedelta(days=12)
        self.env.flush_all()
        self.env.cr.execute("UPDATE vmi_forecast SET date = date - 12")
        self.env.invalidate_all()
        self.sell(40, 5)
        line.agreement_id.review()
        self.assertEqual(first.actual_qty, 40)
        for row in first.challenger_ids:
            missing = 40 - row.quantile_qty
            self.assertAlmostEqual(row.pinball_loss, max(0.95 * missing, -0.05 * missing), 6)
        later = (line.forecast_ids - first).challenger_ids
        self.assertEqual(len(later), len(METHODS))
        # What has no outcome yet is left out of the mean.
        [(mean,)] = self.env["vmi.forecast.challenger"]._read_group(
            [("line_id", "=", line.id), ("method", "=", "ses")], [], ["pinball_loss:avg"]
        )
        mine = first.challenger_ids.filtered(lambda row: row.method == "ses")
        self.assertAlmostEqual(mean, mine.pinball_loss, 6)

    def test_the_usual_method_begins_and_says_so(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        self.assertEqual(self.champions.mapped("demand_class"), ["smooth"])
        self.assertEqual((self.champions.method, self.champions.replaced_method), ("ses", False))
        self.assertTrue(self.champions.is_current)
        self.assertIn("Nothing is known yet", self.champions.challengers_note)
        self.assertIn("The method to begin with", line.forecast_method_note)
        line.agreement_id.review()
        self.assertEqual(len(self.champions), 1)

    def test_a_challenger_takes_over_at_the_third_review_and_is_told_everywhere(self):
        weeks = [0, 0, 30, 0, 0, 0, 12, 0, 0, 0, 9, 0, 0, 14, 0, 0]
        self.sell_weekly(weeks)
        line = self.line()
        line.agreement_id.review()
        kind = line.demand_class
        before = line.level_min_qty
        shelves = self.add_shelves(line)
        self.compare(shelves, [{"tsb": 89}] * (ENOUGH - 1), kind)
        self.decide()
        self.assertEqual(self.champions.method, "ses")
        self.assertIn("Too few weeks to judge: 13 of 14 wanted", self.champions.challengers_note)
        self.compare(shelves, [{"tsb": 89}], kind, first_week=ENOUGH)
        self.decide()
        today = self.company._vmi_today()
        new, old = self.champions
        self.assertEqual((new.method, new.replaced_method, new.date),
                         ("tsb", "ses", today + timedelta(days=1)))  # fmt: skip
        self.assertEqual(
            (new.loss, new.replaced_loss, new.forecast_count), (89, 100, FEWEST_FORECASTS)
        )
        self.assertTrue(new.is_current)
        self.assertFalse(old.is_current)
        self.assertIn("11 % less pinball loss than Exponential smoothing (10 %)", new.reason)
        self.assertIn("Exponential smoothing (10 %) 12 % more", new.challengers_note)
        self.decide()
        self.assertEqual(len(self.champions), 2)
        # It is in force from tomorrow on.
        line._measure()
        self.assertEqual((line.forecast_method, line.level_min_qty), ("ses", before))
        old.sudo().date = today - timedelta(days=9)
        self.env.flush_all()
        new.sudo().date = today
        self.env["vmi.forecast"].search([("date", "=", today)]).sudo().unlink()
        self.put(self.screws, 1 - line.on_hand_qty)
        line._measure()
        proposed = line.agreement_id.review().line_ids
        rate = weekly_rates([float(quantity) for quantity in reversed(weeks)])["tsb"]
        self.assertEqual((line.forecast_method, line.forecast_ids[0].forecast_method),
                         ("tsb", "tsb"))  # fmt: skip
        self.assertAlmostEqual(line.weekly_forecast, rate, 3)
        self.assertIn("Teunter–Syntetos–Babai (TSB) since", line.forecast_method_note)
        self.assertIn(
            "days by Teunter–Syntetos–Babai (TSB), champion of this kind of demand",
            proposed.explanation,
        )
        found = self.env["vmi.forecast.champion"].search(
            [("company_id", "=", self.company.id), ("is_current", "=", False)]
        )
        self.assertEqual(found, old)
        self.assertEqual(new.action_compare()["res_model"], "vmi.forecast.challenger")

    def test_too_few_forecasts_decide_nothing_and_the_screen_says_so(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        self.compare(line, [{"tsb": 10}] * ENOUGH)
        self.decide()
        self.assertEqual(self.champions.method, "ses")
        note = self.champions.challengers_note
        self.assertIn("Too few forecasts to judge: 12 of 120 wanted", note)
        self.assertIn("Teunter–Syntetos–Babai (TSB) 90 % less", note)
        # With those of nine products more there are enough.
        self.compare(self.add_shelves(line) - line, [{"tsb": 10}] * ENOUGH)
        self.decide()
        self.assertEqual(self.champions[0].method, "tsb")

    def test_the_screen_says_that_none_is_better_by_enough(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        self.compare(self.add_shelves(line), [{"tsb": 93}] * ENOUGH)
        self.decide()
        note = self.champions.challengers_note
        self.assertIn("None lost 10 % less three reviews running", note)
        self.assertIn("Teunter–Syntetos–Babai (TSB) 7 % less", note)

    def test_what_was_not_known_on_a_day_decides_nothing_on_it(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        self.champions.sudo().date -= timedelta(weeks=30)
        self.compare(self.add_shelves(line), [{"sba": 50}] * ENOUGH)
        today = self.company._vmi_today()
        # The latest began two weeks ago and took ten days.
        self.decide(today - timedelta(days=5))
        self.assertEqual(len(self.champions), 1)
        self.decide(today - timedelta(days=4))
        self.assertEqual(self.champions[0].method, "sba")
        self.assertEqual(self.champions[0].date, today - timedelta(days=3))

    def test_a_class_and_a_company_decide_for_themselves(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        self.env["vmi.forecast.champion"]._begin(
            self.company, self.company._vmi_today(), {"smooth", "lumpy"}
        )
        self.compare(self.add_shelves(line), [{"mean": 50}] * ENOUGH, "lumpy")
        other = self.make_company("Southwind")
        self.env["vmi.forecast.champion"]._decide(other, other._vmi_today())
        self.assertEqual(len(self.champions), 2)
        self.decide()
        self.assertEqual(self.champions.filtered("replaced_method").demand_class, "lumpy")
        periods = self.env["vmi.forecast.champion"]._get_periods(self.company)
        self.assertEqual(
            periods, (("lumpy", "mean", self.company._vmi_today() + timedelta(days=1), None),)
        )

    def test_a_method_gives_way_again(self):
        champions = self.env["vmi.forecast.champion"].sudo()
        today = self.company._vmi_today()
        for weeks, method in ((9, "ses"), (5, "tsb"), (2, "mean"), (1, "ses")):
            champions.create(
                {
                    "company_id": self.company.id,
                    "demand_class": "erratic",
                    "method": method,
                    "date": today - timedelta(weeks=weeks),
                }
            )
        since = [today - timedelta(weeks=weeks) for weeks in (5, 2, 1)]
        self.assertEqual(
            champions._get_periods(self.company),
            (("erratic", "tsb", *since[:2]), ("erratic", "mean", *since[1:])),
        )

    def test_buyers_read_their_own_company_s_only(self):
        self.sell_weekly([14] * 12)
        line = self.line()
        line.agreement_id.review()
        for records in (self.champions, line.forecast_ids.challenger_ids):
            with self.assertRaises(AccessError):
                records.write({"method": "tsb"})
            with self.assertRaises(AccessError):
                records.unlink()
            worker = self.make_buyer(records._table, self.company, "stock.group_stock_user")
            with self.assertRaises(AccessError):
                records.with_user(worker).read(["method"])
        other = self.make_company("Southwind")
        buyer = self.make_buyer("south buyer", other)
        found = self.env(user=buyer, context={"allowed_company_ids": other.ids})
        self.assertFalse(found["vmi.forecast.champion"].search([]))
        self.assertFalse(found["vmi.forecast.challenger"].search([]))
