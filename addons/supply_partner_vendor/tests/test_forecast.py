from datetime import timedelta

from odoo.exceptions import MissingError, UserError

from ..engine import measure
from .common import VendorCase


class TestForecast(VendorCase):
    """Anna forecasts screws by week; two weeks later it shows how near she came."""

    def setUp(self):
        super().setUp()
        self.line = self.agreement.line_ids
        today = self.company._vmi_today()
        self.monday = today - timedelta(days=today.weekday())

    def enter(self, weeks, quantity, user=None, **vals):
        week = self.monday + timedelta(weeks=weeks)
        row = {"line_id": self.line.id, "week": week.isoformat(), "quantity": quantity, **vals}
        return self.served(user or self.anna).set_forecast([row])

    def versions(self):
        return self.env["vmi.vendor.forecast"].search([("line_id", "=", self.line.id)], order="id")

    def test_every_version_is_kept_and_the_newest_holds(self):
        self.assertEqual(self.enter(2, 40, capacity=60), {"changed": 1})
        self.assertEqual(self.enter(2, 40, capacity=60), {"changed": 0})
        self.assertEqual(self.enter(2, 70, capacity=60), {"changed": 1})
        first, second = self.versions()
        self.assertEqual((first.quantity, first.is_newest, first.is_short), (40, False, False))
        self.assertEqual((second.quantity, second.is_newest, second.is_short), (70, True, True))
        [row] = self.served(self.anna).get_forecast()["lines"]
        self.assertEqual((row["quantity"], row["capacity"]), (70, 60))

    def test_a_week_has_a_name_too(self):
        week = self.monday + timedelta(weeks=3)
        rows = [{"line_id": self.line.id, "week": week.strftime("%G-W%V"), "quantity": 5}]
        self.served(self.anna).set_forecast(rows)
        self.assertEqual(self.versions().week, week)

    def test_what_is_wrong_is_said(self):
        for weeks, quantity in ((-1, 5), (200, 5), (2, -1), (2, float("nan")), (2, "5"), (2, None)):
            with self.assertRaises(UserError):
                self.enter(weeks, quantity)
        week = (self.monday + timedelta(weeks=2)).isoformat()
        row = {"line_id": self.line.id, "week": week, "quantity": 1}
        for rows in ([row, row], "x", [{"line_id": self.line.id}]):
            with self.assertRaises(UserError):
                self.served(self.anna).set_forecast(rows)
        with self.assertRaises(MissingError):
            self.enter(2, 5, user=self.bert)
        self.access.can_answer = False
        with self.assertRaises(MissingError):
            self.enter(2, 5)
        self.assertFalse(self.versions())

    def test_the_last_forecast_before_the_lead_time_counts(self):
        self.line.sudo().lead_days = 5
        day = self.monday - timedelta(days=7)
        ago = (self.company._vmi_today() - day).days
        self.move(self.screws, 10, self.stock, self.customers, days=-ago, done=True)
        self.env["vmi.sell.through"].sudo()._refresh_company(self.company)
        forecasts = self.env["vmi.vendor.forecast"].sudo()
        # Entered six, and five days before the Monday: the second one is too late.
        for before, quantity in ((6, 8), (5, 10)):
            version = forecasts._enter(
                [{"line": self.line, "week": day, "quantity": quantity, "capacity": 0}]
            )
            moment = f"{day - timedelta(days=before)} 12:00:00"
            self.env.flush_all()
            self.env.cr.execute(
                "UPDATE vmi_vendor_forecast SET create_date = %s WHERE id = %s",
                [moment, version.id],
            )
        [found] = self.served(self.anna).get_forecast_accuracy()["lines"]
        self.assertEqual(found["weeks"], 13)
        self.assertEqual(found["coverage"], round(1 / 13, 4))
        self.assertEqual((found["wape"], found["bias"]), (0.2, -0.2))
        # Nothing was used before: going by that, all ten are missing.
        self.assertEqual((found["naive_wape"], found["naive_bias"]), (1, -1))
        # Both sides see the same.
        self.env.invalidate_all()
        self.assertAlmostEqual(self.line.forecast_wape, 0.2)
        self.assertAlmostEqual(self.line.naive_wape, 1)

    def test_the_figures(self):
        rows = [(10, 8, 12), (20, 26, 12), (5, None, 12)]
        found = measure(rows)
        self.assertEqual(found["coverage"], round(2 / 3, 4))
        self.assertEqual(found["wape"], round((2 + 6) / 30, 4))
        self.assertEqual(found["bias"], round((-2 + 6) / 30, 4))
        self.assertEqual(found["naive_wape"], round((2 + 8) / 30, 4))
        self.assertEqual(measure([(0, 5, None)])["wape"], None)
        self.assertEqual(measure([(5, None, 7)])["coverage"], 0)
