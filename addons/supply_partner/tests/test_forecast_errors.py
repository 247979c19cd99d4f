from datetime import timedelta

from freezegun import freeze_time

from odoo.fields import Date

from .test_forecast import ForecastCase


class TestForecastErrors(ForecastCase):
    """What was forecast is kept, and compared with what came once its days are over."""

    def setUp(self):
        super().setUp()
        self.sell_weekly([14] * 12)
        self.terms = self.line()
        self.terms.agreement_id.review()
        self.first = self.terms.forecast_ids

    def pass_days(self, days):
        """Let everything have happened so many days ago."""
        moves = self.env["stock.move"].sudo().search([("product_id", "=", self.screws.id)])
        for move in moves:
            move.date -= timedelta(days=days)
        self.env.flush_all()
        self.env.cr.execute("UPDATE vmi_forecast SET date = date - %s", [days])
        self.env.invalidate_all()

    def test_a_review_keeps_one_a_day_and_line(self):
        self.assertEqual(len(self.first), 1)
        self.assertEqual(self.first.date, self.company._vmi_today())
        self.assertEqual(
            (self.first.forecast_qty, self.first.period_days, self.first.target), (20, 10, 0.95)
        )
        self.assertFalse(self.first.is_compared)
        kept = self.first.read()
        self.terms.agreement_id.review()
        self.terms._measure()
        self.assertEqual(self.terms.forecast_ids.read(), kept)

    def test_measuring_keeps_nothing(self):
        self.first.sudo().unlink()
        self.terms._measure()
        self.assertFalse(self.terms.forecast_ids)

    def test_the_outcome_comes_once_all_days_are_over(self):
        self.sell(6, 0)
        self.pass_days(9)
        self.sell(9, 1)
        self.terms.agreement_id.review()
        self.assertFalse(self.first.is_compared, "today is its tenth day")
        self.pass_days(1)
        self.sell(1000, 0)
        self.terms.agreement_id.review()
        self.assertTrue(self.first.is_compared)
        self.assertEqual(self.first.actual_qty, 15)
        self.assertFalse(self.first.was_out)
        self.assertAlmostEqual(self.first.error_rate, 5 / 15, 6)
        self.assertAlmostEqual(self.first.bias, 5 / 15, 6)
        self.assertEqual(self.first.coverage, 1)
        self.assertAlmostEqual(self.first.pinball_loss, 0.05 * (self.first.quantile_qty - 15), 6)

    def test_a_period_that_ran_out_is_said(self):
        self.sell(self.terms.on_hand_qty, 0)
        self.pass_days(12)
        self.stock_up(500, 1)
        self.terms.agreement_id.review()
        self.assertTrue(self.first.is_compared)
        self.assertTrue(self.first.was_out)
        self.assertEqual(self.first.coverage, 0)

    def test_part_of_a_last_day_counts_in_part(self):
        self.env.cr.execute("UPDATE vmi_forecast SET period_days = 9.5")
        self.env.invalidate_all()
        self.sell(8, 0)
        self.pass_days(9)
        self.sell(4, 0)
        self.pass_days(3)
        self.terms.agreement_id.review()
        self.assertEqual(self.first.actual_qty, 8 + 4 * 0.5)
        self.assertEqual(self.first.date_end, self.first.date + timedelta(days=9))

    def test_a_line_that_changed_its_method_is_still_compared(self):
        other = self.make_product("Nuts", self.vendor)
        self.terms.agreement_id.line_ids = [
            (0, 0, {"product_id": other.id, "method": "forecast", "min_floor": 1})
        ]
        self.terms.write({"method": "min_max", "min_qty": 1, "max_qty": 2})
        self.pass_days(12)
        self.terms.agreement_id.review()
        self.assertTrue(self.first.is_compared)
        self.assertEqual(len(self.terms.forecast_ids), 1)

    def test_the_errors_of_a_group_are_those_of_its_sums(self):
        rows = (
            # forecast, covering, by daily demand, covering by it, actual
            (10, 20, 12, 18, 8),
            (4, 9, 4, 6, 12),
            (0, 1, 1, 2, 0),
        )
        self.first.sudo().unlink()
        names = ("forecast_qty", "quantile_qty", "usual_qty", "usual_quantile_qty", "actual_qty")
        self.env["vmi.forecast"].sudo().create(
            [
                {
                    "line_id": self.terms.id,
                    "company_id": self.company.id,
                    "date": self.company._vmi_today() - timedelta(weeks=9 - number),
                    "period_days": 10,
                    "target": 0.9,
                    "demand_class": "smooth",
                    "is_compared": True,
                    **dict(zip(names, row, strict=True)),
                }
                for number, row in enumerate(rows)
            ]
        )
        # One that is not over yet says nothing.
        self.terms.agreement_id.review()
        self.env.invalidate_all()
        names = ("error_rate", "bias", "pinball_loss", "coverage")
        specs = [f"{prefix}{name}:avg" for prefix in ("", "usual_") for name in names]
        forecasts = self.env["vmi.forecast"]
        [found] = forecasts._read_group([("line_id", "=", self.terms.id)], [], specs)
        pinball = (0.1 * 12 + 0.9 * 3 + 0.1 * 1) / 3
        usual_pinball = (0.1 * 10 + 0.9 * 6 + 0.1 * 2) / 3
        expected = [10 / 20, -6 / 20, pinball, 2 / 3, 13 / 20, -3 / 20, usual_pinball, 2 / 3]
        for value, figure, spec in zip(found, expected, specs, strict=True):
            self.assertAlmostEqual(value, figure, 9, spec)
        for name in ("demand_class", "agreement_id", "partner_id", "product_id", "categ_id"):
            groups = forecasts._read_group([("is_compared", "=", True)], [name], specs[:1])
            self.assertEqual([group[1] for group in groups], [0.5], name)
        described = forecasts.fields_get(["error_rate"], ["aggregator"])
        self.assertEqual(described["error_rate"]["aggregator"], "avg")

    def test_nothing_wanted_has_no_rate(self):
        self.pass_days(12)
        self.terms.agreement_id.review()
        self.assertEqual((self.first.actual_qty, self.first.error_rate), (0, 0))
        [found] = self.env["vmi.forecast"]._read_group(
            [("id", "=", self.first.id)], [], ["error_rate:avg", "coverage:avg"]
        )
        self.assertFalse(found[0])
        self.assertEqual(found[1], 1)

    def test_old_ones_are_removed(self):
        with freeze_time(Date.today() + timedelta(days=729)):
            self.env["vmi.forecast"]._gc_old()
            self.assertTrue(self.first.exists())
        with freeze_time(Date.today() + timedelta(days=731)):
            self.env["vmi.forecast"]._gc_old()
            self.assertFalse(self.first.exists())

    def test_a_line_opens_its_own(self):
        action = self.terms.action_open_forecasts()
        self.assertEqual(self.env["vmi.forecast"].search(action["domain"]), self.first)
        self.assertEqual(self.first.display_name.split(",")[0], "Screws")
