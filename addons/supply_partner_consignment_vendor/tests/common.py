from datetime import timedelta

from odoo.addons.supply_partner_consignment.tests.common import ConsignmentCase
from odoo.addons.supply_partner_vendor.tests.common import OTHERS_PRICE, VendorCase


class SettlementCase(ConsignmentCase, VendorCase):
    """Beside what else they do, Acme consigns nails and glue, and Bolt Works large bolts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["vmi.vendor.access"].search([]).can_settle = True
        cls.nails = cls.make_product("Nails", cls.vendor, price=2)
        cls.glue = cls.make_product("Glue", cls.vendor, price=1.5)
        cls.large_bolts = cls.make_product(
            "Hexagon Bolts M24", cls.bolts_vendor, price=OTHERS_PRICE
        )
        since = cls.company._vmi_today() - timedelta(days=30)
        cls.consigned = cls.consign((cls.nails, 5, 10), (cls.glue, 5, 10), consigned_since=since)
        cls.consigned_by_others = cls.consign(
            (cls.large_bolts, 5, 10), partner_id=cls.bolts_vendor.id
        )

    def use(self, quantity, product=None, owner=None, lot=None):
        """Receive what is a vendor's, and sell it."""
        product, owner = product or self.nails, owner or self.vendor
        self.done(quantity, self.suppliers, self.stock, owner, product=product, lot=lot)
        return self.done(quantity, self.stock, self.customers, owner, product=product, lot=lot)

    def settlement_of(self, vendor):
        return self.settle().filtered(lambda settlement: settlement.partner_id == vendor)
