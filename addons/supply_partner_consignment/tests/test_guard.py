from odoo.addons.field_guard.tests.common import GuardedFamilyCase
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ConsignmentCase

# The strongest roles of a shop that are no administrator's.
ROLES = ",".join(
    (
        "purchase.group_purchase_manager",
        "stock.group_stock_manager",
        "base.group_partner_manager",
        "account.group_account_manager",
    )
)


class TestGuard(GuardedFamilyCase, ConsignmentCase):
    """What was used of a vendor's stock is settled and billed."""

    family = "supply_partner_consignment"
    context_key = "vmi_without_consigned"
    least_numbers, least_kept, least_methods = 30, 30, 20

    def setUp(self):
        super().setUp()
        agreement = self.consign()
        self.receive(self.order_of(agreement))
        self.sell(6)
        self.settle().action_bill()
        self.strongest = new_test_user(
            self.admin,
            "guard strongest",
            ROLES,
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
