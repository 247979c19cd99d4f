from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.addons.field_guard.tests.common_queries import QueryCountCase


class TestQueryCounts(QueryCountCase, TieringCase):
    """Each screen, proposing and applying ask as often about many customers as about few."""

    least_screens = 4
    shown_models = ("customer.reassignment", "customer.assignment.workload")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue()
        cls.number = 0
        cls.seller = cls.make_member("waiting_seller", "sales_team.group_sale_salesman")
        cls.seller.customer_capacity = 1000
        cls.waiting_user = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def make_customers(self, count):
        """Make customers without an account manager, and as many with one each."""
        for _new in range(count):
            type(self).number += 1
            other = self.make_member(f"seller_{self.number}", "sales_team.group_sale_salesman")
            for seller in self.env["res.users"], other:
                customer = self.make_customer(f"Customer {self.number}", user_id=seller.id)
                self.make_order(customer, 90, "2026-05-01")
        self.policy.evaluate("2026-06-01")

    def propose(self, *_customers):
        assignments = self.env["customer.assignment"].with_user(self.waiting_user)
        return assignments.browse(assignments.action_open_current()["res_id"])

    def make_records(self, count):
        self.make_customers(count)
        self.propose().action_apply()

    def test_proposing(self):
        self.check_growth(self.make_customers, self.propose)

    def test_applying(self):
        def prepare(count):
            self.make_customers(count)
            return self.propose()

        self.check_growth(prepare, lambda assignment: assignment.action_apply())
