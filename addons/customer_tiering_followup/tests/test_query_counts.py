from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .common import FollowupCase


class TestQueryCounts(QueryCountCase, FollowupCase):
    """Each screen, and the planning, asks the database as often for many customers as for few."""

    least_screens = 8
    shown_models = ("customer.followup", "customer.service.level")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 0
        cls.waiting_user = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def make_customers(self, count, seller=None):
        """Make customers who are promised follow-ups, with a salesperson each or the same."""
        for _new in range(count):
            type(self).number += 1
            login = f"seller_{self.number}"
            user = seller or self.make_member(login, "sales_team.group_sale_salesman")
            customer = self.make_customer(f"Customer {self.number}", user_id=user.id)
            self.make_order(customer, 90, "2026-04-01")
            self.env["customer.service.level"].create(
                {"name": f"Level {self.number}", "company_id": self.company.id}
            )
        self.policy.evaluate("2026-06-10")

    def make_records(self, count):
        self.make_customers(count)
        self.plan()

    def make_annas_customers(self, count):
        # Odoo lets each user follow the customers by itself.
        self.make_customers(count, self.anna)

    def test_planning(self):
        self.check_growth(self.make_annas_customers, lambda _customers: self.plan())

    def test_planning_again(self):
        def prepare(count):
            self.make_annas_customers(count)
            self.plan()

        self.check_growth(prepare, lambda _customers: self.plan())
