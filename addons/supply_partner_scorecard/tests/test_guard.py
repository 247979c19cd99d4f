from odoo.addons.field_guard.tests.common import GuardedFamilyCase

from .common import ScorecardCase

# The strongest roles of a shop that are no administrator's.
ROLES = "purchase.group_purchase_manager,stock.group_stock_manager,base.group_partner_manager"


class TestGuard(GuardedFamilyCase, ScorecardCase):
    """Acme was late and is scored; what was found there is about to be entered."""

    family = "supply_partner_scorecard"
    context_key = "vendor_promise_origin"
    least_numbers, least_kept, least_methods = 100, 50, 20

    def setUp(self):
        super().setUp()
        order = self.ordered()
        order.order_line.product_qty = 7
        self.received(order, "2026-02-12 08:00:00")
        self.recalculate()
        assessment = self.env["vendor.assessment"].create({"partner_id": self.vendor.id})
        self.assertTrue(assessment.line_ids)
        self.strongest = self.make_buyer("guard strongest", self.company, ROLES)
