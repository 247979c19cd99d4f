from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .test_backtest import BacktestCase


class TestQueryCounts(QueryCountCase, BacktestCase):
    """Each screen, and a backtest, asks the database as often for many customers as for few."""

    least_screens = 4
    shown_models = ("customer.tier.backtest",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0
        cls.waiting_user = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def make_customers(self, count):
        """Make customers with orders before and after the day of the backtest."""
        for _new in range(count):
            type(self).number += 1
            customer = self.make_customer(f"Customer {self.number}")
            for day in "2025-03-01", "2025-10-01":
                self.make_order(customer, 10 * self.number, day)

    def make_records(self, count):
        self.make_customers(count)
        for _new in range(count):
            self.backtest()

    def test_backtesting(self):
        self.check_growth(self.make_customers, lambda _customers: self.backtest())
