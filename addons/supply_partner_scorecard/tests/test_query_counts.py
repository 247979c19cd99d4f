from odoo.addons.field_guard.tests.common_queries import QueryCountCase
from odoo.tests import tagged

from .common import ScorecardCase


@tagged("post_install", "-at_install")
class TestQueryCounts(QueryCountCase, ScorecardCase):
    """Many vendors and lines need no more queries than few."""

    least_screens = 15
    shown_models = (
        "vendor.promise",
        "vendor.delivery",
        "vendor.standing",
        "vendor.standing.change",
        "vendor.assessment",
    )

    def setUp(self):
        super().setUp()
        self.waiting_user = self.make_buyer(
            "waiting manager", self.company, "purchase.group_purchase_manager"
        )
        self.made = 0

    def make_records(self, count):
        for _number in range(count):
            self.made += 1
            vendor = self.make_vendor(f"Vendor {self.made}")
            order = self.ordered(vendor=vendor)
            self.received(order, "2026-02-09 08:00:00", 6)
            order.order_line.product_qty = 9
            self.env["vendor.assessment"].create({"partner_id": vendor.id})
        self.recalculate()
        for standing in self.env["vendor.standing"].search([("company_id", "=", self.company.id)]):
            standing.sudo()._set_override(self.scorecard.band_ids[:1], "2026-06-01", "Test")

    def get_shown_domain(self, model):
        if model in ("vendor.delivery", "vendor.promise.change"):
            return [("promise_id.company_id", "=", self.company.id)]
        if model == "res.partner":
            return [("name", "like", "Vendor ")]
        if model in ("vendor.assessment.criterion", "stock.scrap.reason.tag", "stock.picking"):
            return None
        return super().get_shown_domain(model)
