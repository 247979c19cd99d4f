from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .common import TODAY, LifetimeCase


class TestQueryCounts(QueryCountCase, LifetimeCase):
    """Each screen, and an estimate, asks the database as often for many customers as for few."""

    least_screens = 8
    shown_models = ("customer.lifetime.fit",)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.number = 10
        cls.customers = cls.env["res.partner"]
        cls.sell(cls.draw(60))
        cls.waiting_user = cls.make_member(
            "waiting_manager",
            "sales_team.group_sale_manager",
            "customer_tiering.group_tiering_manager",
        )

    def get_shown_domain(self, model):
        if model == "res.partner":
            return [("id", "in", self.customers.ids)]
        return super().get_shown_domain(model)

    def make_customers(self, count):
        """Make customers who ordered, each at a time of their own."""
        type(self).number += 1
        bought = self.draw(count, seed=self.number)
        self.sell(bought)
        for partner in bought:
            self.customers += partner
        self.policy.evaluate(TODAY)

    def make_records(self, count):
        self.make_customers(count)
        for _new in range(count):
            self.policy._estimate_lifetimes(TODAY)

    def test_scoring(self):
        fit = self.estimate()
        self.check_growth(self.make_customers, lambda _made: fit._score(TODAY))
