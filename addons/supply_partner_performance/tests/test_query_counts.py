from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .common import PerformanceCase


class TestQueryCounts(QueryCountCase, PerformanceCase):
    """Each screen, and measuring, asks the database as often for many products as for few."""

    least_screens = 2
    shown_models = ("vmi.performance",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting_user = cls.buyer
        cls.number = 0

    def supply(self, count):
        """Return products with a vendor, which were received and sold."""
        products = self.screws.browse()
        for _new in range(count):
            type(self).number += 1
            product = self.make_product(f"Product {self.number}", self.vendor)
            self.supplied("2026-02-03 12:00:00", 30, product)
            self.sold("2026-02-05 12:00:00", 20, product)
            products += product
        return products

    def make_records(self, count):
        agreement = self.agree(*((product, 0, 1) for product in self.supply(count)))
        agreement.action_refresh_performance()

    def test_measuring(self):
        self.check_growth(
            lambda count: self.agree(*((product, 0, 1) for product in self.supply(count))),
            lambda agreement: agreement.action_refresh_performance(),
        )

    def test_measuring_many_agreements(self):
        self.check_growth(
            lambda count: self.env["vmi.agreement"].union(
                *(self.agree((product, 0, 1)) for product in self.supply(count))
            ),
            lambda agreements: agreements.action_refresh_performance(),
        )
