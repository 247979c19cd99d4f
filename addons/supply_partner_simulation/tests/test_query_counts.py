from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .test_simulation import SimulationCase


class TestQueryCounts(QueryCountCase, SimulationCase):
    """Each screen, and a simulation, asks the database as often for many products as for few."""

    least_screens = 8
    shown_models = (
        "vmi.simulation",
        "vmi.simulation.factor",
        "vmi.simulation.line",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting_user = cls.buyer
        cls.first = cls.make_agreement((cls.screws, 10, 20), start=False)
        cls.number = 0

    def agree(self, count):
        """Return an agreement about products that were sold."""
        products = self.screws.browse()
        for _new in range(count):
            type(self).number += 1
            product = self.make_product(f"Product {self.number}", self.vendor)
            self.put(product, 30)
            self.move(product, 8, self.stock, self.customers, days=-3, done=True)
            products += product
        return self.make_agreement(*((product, 10, 20) for product in products), start=False)

    def make_records(self, count):
        """Make agreements with a simulation each, and one of many products and simulations."""
        self.agree(count).line_ids.agreement_id = self.first
        for _new in range(count):
            self.simulate(self.agree(1))
        for _new in range(count // 3):
            self.simulate(self.first)

    def test_simulating(self):
        self.check_growth(self.agree, self.simulate)
