from odoo.addons.overview_page.tests.common import OverviewCase
from odoo.fields import Date

from .common import FEBRUARY, PerformanceCase

PAGE = "vmi.overview"


class TestOverview(PerformanceCase, OverviewCase):
    """The rates of the last month, on the overview and by vendor, are those of the rows behind."""

    def setUp(self):
        super().setUp()
        self.agree(None)
        self.supplied("2026-01-10 12:00:00", 100)
        self.delivered(self.wanted("2026-01-20 08:00:00", 4), "2026-01-20 07:00:00", 4)
        self.delivered(self.wanted("2026-02-05 08:00:00", 8), "2026-02-05 07:00:00", 6)
        self.env["vmi.performance"].refresh_supply_scorecard()

    def test_a_rate_opens_the_month_that_it_is_of(self):
        tile = self.check_overview(PAGE, self.buyer, self.company)["mine"]["fill_rate"]
        self.assertEqual(tile["value"], 0.75)
        self.assertIn("Feb 2026", tile["hint"])
        rows = self.env["vmi.performance"].search(self.opened_domain(self.env, tile["action"]))
        self.assertEqual(rows.mapped("month"), [FEBRUARY])
        [(rate,)] = rows._read_group([("id", "in", rows.ids)], [], ["fill_rate:avg"])
        self.assertEqual(rate, tile["value"])
        self.assertEqual(rows.month_name, "Feb 2026")

    def test_nothing_due_is_no_rate(self):
        tiles = self.check_overview(PAGE, self.buyer, self.company)["mine"]
        self.assertIsNone(tiles["otif_rate"]["value"])

    def test_a_vendor_s_rates_are_of_a_year(self):
        self.assertEqual(self.vendor.vmi_demanded_qty, 12)
        self.assertAlmostEqual(self.vendor.vmi_fill_rate, 10 / 12)
        self.assertEqual(self.vendor.vmi_promised_count, 0)
        # What is not over yet, and what is long past, does not count.
        rows = self.env["vmi.performance"].sudo().search([("month", "=", FEBRUARY)])
        rows.month = Date.to_date("2025-02-01")
        self.vendor.invalidate_recordset()
        self.assertEqual(self.vendor.vmi_fill_rate, 1)
