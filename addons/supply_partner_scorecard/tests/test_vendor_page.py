from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from .common import ScorecardCase

MOST_QUERIES = 15


class TestVendorPage(ScorecardCase):
    """A vendor at one look, on the screen and on paper."""

    def setUp(self):
        super().setUp()
        for day in range(10, 16):
            order = self.ordered(due=f"2026-02-{day} 12:00:00")
            if day < 15:
                self.received(order, f"2026-02-{day} 08:00:00", 10 if day < 14 else 7)
        self.ordered(due="2026-04-10 12:00:00")
        self.recalculate()
        self.page = self.env["vendor.standing"].get_vendor_page

    def test_what_it_shows(self):
        page = self.page(self.standing().id)
        self.assertEqual((page["name"], page["is_rated"]), ("Acme Fasteners", True))
        otif = next(part for part in page["parts"] if part["code"] == "otif")
        self.assertEqual((otif["text"], otif["base"], otif["is_counted"]), ("66.7 %", 6, True))
        self.assertTrue(otif["low"] <= otif["points"] <= otif["high"])
        self.assertEqual(len(page["trend"]), 13)
        february = page["trend"][-2]
        self.assertEqual((february["lines"], round(february["otif"], 1)), (6, 66.7))
        self.assertEqual((page["promises"]["count"], page["promises"]["overdue"]), (3, 2))
        self.assertEqual([line["late"] for line in page["worst"]], [29, 30])
        self.assertEqual(page["worst"][1]["quantity"], "7 of 10 Units")
        rows = {row["name"]: row["values"] for row in page["definitions"]}
        self.assertEqual(rows["Begun on Time"], ["83.3 %", "83.3 %"])
        self.assertIn("Lead Time", [topic["title"] for topic in page["topics"]])

    def test_the_first_vendor_without_a_choice(self):
        self.assertEqual(self.page()["id"], self.standing().id)
        other = self.make_company("Southwind")
        elsewhere = self.env["vendor.standing"].with_company(other).sudo()
        self.assertEqual(elsewhere.get_vendor_page(), {"vendors": []})

    def test_few_queries(self):
        standing = self.standing()
        for _time in range(2):
            # The first time fills the caches that all users share.
            self.page(standing.id)
            self.env.flush_all()
            self.env.invalidate_all()
        with self.assertQueryCount(MOST_QUERIES):
            self.page(standing.id)

    def test_buyers_alone(self):
        employee = new_test_user(self.env(su=True, user=1), "just employed", "base.group_user")
        with self.assertRaises(AccessError):
            self.env["vendor.standing"].with_user(employee).get_vendor_page()

    def test_the_sheet(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        html, _kind = report._render_qweb_html(
            "supply_partner_scorecard.vendor_sheet", self.standing().ids
        )
        for text in (b"Acme Fasteners", b"On Time in Full", b"The Five Worst Lines", b"66.7 %"):
            self.assertIn(text, html)

    def test_smart_buttons(self):
        standing = self.standing()
        text = standing._describe_briefly()
        order = self.ordered()
        self.assertEqual(order.vendor_standing_text, text)
        self.assertEqual(order.action_open_vendor_page()["context"], {"active_id": standing.id})
        vendor = self.vendor.with_company(self.company)
        self.assertEqual(vendor.vendor_standing_text, text)
        self.assertEqual(vendor.action_open_vendor_page()["context"], {"active_id": standing.id})
