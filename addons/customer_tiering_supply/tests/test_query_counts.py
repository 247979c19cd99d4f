from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .common import SupplyCase


class TestQueryCounts(QueryCountCase, SupplyCase):
    """Each screen, and a reservation, asks the database as often for many products as for few."""

    least_screens = 8
    shown_models = ("customer.allocation", "customer.tier.demand", "vmi.agreement.line")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.scarce_allocation = "priority"
        cls.waiting_user = cls.buyer_of(
            "purchase.group_purchase_manager",
            "customer_tiering.group_tiering_manager",
            "stock.group_stock_user",
            login="waiting buyer",
        )
        cls.number = 0

    def get_shown_domain(self, model):
        # Orders and transfers are Odoo's, and so is most of what their screens ask for.
        if model in ("sale.order", "stock.picking", "res.config.settings"):
            return None
        return super().get_shown_domain(model)

    def make_records(self, count):
        """Make products of agreements that two customers wait for; return the deliveries."""
        orders = self.env["sale.order"]
        for _new in range(count):
            type(self).number += 1
            product = self.make_product(f"Product {self.number}")
            self.make_agreement(product)
            for partner in (self.acme, self.bolt):
                orders += self.sell(partner, 5, product=product)
            self.put(6, product=product)
        return self.env["stock.picking"].browse(orders.picking_ids.ids)

    def test_reading_pools(self):
        self.check_growth(
            self.make_records,
            lambda pickings: [pool.allocate() for pool in pickings.move_ids._get_pools()],
        )

    def test_finding_the_mix(self):
        self.check_growth(
            self.make_records,
            lambda _pickings: (
                self.env["vmi.agreement.line"]
                .search([("company_id", "=", self.company.id)])
                ._find_tier_mix()
            ),
        )
