from odoo.addons.field_guard.tests.common import GuardedFamilyCase

from .common import SupplyCase

# The strongest roles of a shop that are no administrator's.
ROLES = (
    "purchase.group_purchase_manager",
    "stock.group_stock_manager",
    "sales_team.group_sale_manager",
    "base.group_partner_manager",
)


class TestGuard(GuardedFamilyCase, SupplyCase):
    """An agreement keeps chairs, and its allocation is about to be changed."""

    family = "customer_tiering_supply"
    context_key = "tier_allotments"
    least_numbers, least_kept, least_methods = 50, 4, 3
    # Its own models have few fields that somebody types into.
    least_typed = 3

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.strongest = cls.buyer_of(*ROLES, login="guard strongest")
        agreement = cls.make_agreement(cls.chair)
        cls.env["customer.service.level"].create({"name": "Gold"})
        agreement.with_user(cls.strongest).action_change_scarce_allocation()
