from odoo.addons.field_guard.tests.common_queries import QueryCountCase

from .common import SourcingCase


class TestQueryCounts(QueryCountCase, SourcingCase):
    """Each screen, and the run, asks the database as often for many products as for few."""

    least_screens = 10
    shown_models = (
        "vendor.qualification",
        "vendor.sourcing.product",
        "vendor.sourcing.source",
    )

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waiting_user = cls.buyer
        cls.number = 0

    def get_shown_domain(self, model):
        # Products and vendors are Odoo's, and so are most of what their forms ask for.
        if model in ("product.template", "product.product", "res.partner"):
            return None
        return super().get_shown_domain(model)

    def make_records(self, count):
        for _new in range(count):
            type(self).number += 1
            vendor = self.make_vendor(f"Vendor {self.number}")
            product = self.make_product(f"Product {self.number}", vendor)
            product.sudo().categ_id = (
                self.env["product.category"].sudo().create({"name": f"Category {self.number}"})
            )
            self.add_seller(product, self.other)
            self.bought(product, 10, vendor)
            self.env["vendor.qualification"].create(
                {"partner_id": self.other.id, "product_id": product.id}
            )
        self.find_sources()

    def test_recalculating(self):
        self.check_growth(self.make_records, lambda _none: self.policy._recalculate())

    def test_pages(self):
        self.check_growth(
            self.make_records, lambda _none: self.env["vendor.sourcing.product"].get_matrix()
        )
        self.check_growth(
            self.make_records, lambda _none: self.env["vendor.sourcing.vendor"].get_drill()
        )
