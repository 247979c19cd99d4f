from odoo.addons.field_guard.tests.common import GuardedFamilyCase

from .common import SourcingCase

# The strongest roles of a shop that are no administrator's.
ROLES = "purchase.group_purchase_manager,stock.group_stock_manager,base.group_partner_manager"


class TestGuard(GuardedFamilyCase, SourcingCase):
    """Acme alone delivers screws, and Bolt & Co may."""

    family = "supply_partner_sourcing"
    context_key = "mail_activity_quick_update"
    least_numbers, least_kept, least_methods = 100, 10, 10

    def setUp(self):
        super().setUp()
        self.bought(self.screws, 10)
        self.qualify(self.other, self.screws)
        self.find_sources()
        self.strongest = self.make_buyer("guard strongest", self.company, ROLES)
