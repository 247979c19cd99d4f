from odoo.addons.field_guard.tests.common_queries import FEW, QueryCountCase

from .common import TieringCase


class TestQueryCounts(QueryCountCase, TieringCase):
    """Each screen, and recalculating, asks the database as often for many customers as for few."""

    least_screens = 20
    shown_models = (
        "customer.standing",
        "customer.standing.change",
        "customer.tier",
        "customer.tier.evaluation",
        "customer.tier.override",
        "customer.tier.preview.move",
        "customer.service.level",
        "res.partner",
        "sale.order",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(cap=1000)
        cls.customers = cls.env["res.partner"]
        cls.waiting_user = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def make_customers(self, count):
        """Make customers with a salesperson and orders each."""
        first = len(self.customers)
        for place in range(first, first + count):
            salesperson = self.make_member(f"waiting_{place}", "sales_team.group_sale_salesman")
            customer = self.make_customer(f"Customer {place}", user_id=salesperson.id)
            self.make_order(customer, 30 + 10 * place, "2026-05-31")
            self.make_order(customer, 10, "2026-05-31", confirm=False)
            self.customers |= customer
        return self.customers[first:]

    def make_records(self, count):
        """Make customers with all that a screen shows of them, and recalculate the tiers."""
        for customer in self.make_customers(count):
            self.env["customer.service.level"].create(
                {"name": f"Level of {customer.name}", "company_id": self.company.id}
            )
        day = f"2026-06-{1 + len(self.customers):02}"
        self.policy.evaluate(day)
        for customer in self.customers[-count:]:
            self.env["customer.tier.override"].create(
                {
                    "partner_id": customer.id,
                    "company_id": self.company.id,
                    "tier_id": self.vip.id,
                    "reason": "Framework contract",
                }
            )
        for _preview in range(count // FEW):
            self.policy.copy().simulate(day)

    def get_shown_domain(self, model):
        if model == "res.partner":
            return [("id", "in", self.customers.ids)]
        return super().get_shown_domain(model)

    def test_recalculating(self):
        self.check_growth(
            self.make_customers, lambda _customers: self.policy.evaluate("2026-06-01")
        )

    def test_previewing_and_its_cost(self):
        self.check_growth(
            self.make_customers,
            lambda _customers: self.policy.simulate("2026-06-01").action_estimate_cost(),
        )
