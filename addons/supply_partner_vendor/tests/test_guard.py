from odoo.addons.field_guard.tests.common import GuardedFamilyCase

from .common import VendorCase

# The strongest roles of a shop that are no administrator's.
ROLES = "purchase.group_purchase_manager,stock.group_stock_manager,base.group_partner_manager"


class TestGuard(GuardedFamilyCase, VendorCase):
    """Acme has announced a shipment, and forecast its screws."""

    family = "supply_partner_vendor"
    context_key = "vendor_lang"
    least_numbers, least_kept, least_methods = 50, 20, 10

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        order = cls.order()
        cls.served(cls.anna).announce_shipment(
            order.id, [{"order_line_id": order.order_line.id, "quantity": 60}], "2026-12-24"
        )
        line = cls.agreement.line_ids.sudo()
        week = cls.company._vmi_today()
        cls.env["vmi.vendor.forecast"].sudo()._enter(
            [{"line": line, "week": week, "quantity": 5, "capacity": 9}]
        )
        cls.env["vmi.sell.through"].sudo()._refresh_company(cls.company)
        cls.propose()
        cls.strongest = cls.make_buyer("guard strongest", cls.company, ROLES)
