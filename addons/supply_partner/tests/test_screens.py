from odoo.tests import HttpCase, tagged

from .common import VmiCase


@tagged("post_install", "-at_install")
class TestScreens(VmiCase, HttpCase):
    """What a buyer clicks, in a browser."""

    def test_a_buyer_keeps_a_shelf_filled(self):
        product = self.make_product("Tour Screws", self.vendor)
        self.put(product, 91)
        for days in (-50, -30, -10):
            self.move(product, 20, self.stock, self.customers, days=days, done=True)
        receiver = self.make_buyer("vmi_tour", self.company)
        # With `delivery` beside, a receipt opens for those who may edit contacts, too.
        receiver.sudo().group_ids += self.env.ref("stock.group_stock_user") + self.env.ref(
            "base.group_partner_manager"
        )
        self.start_tour("/odoo/supply-agreements", "supply_agreement_tour", login="vmi_tour")
        agreement = self.env["vmi.agreement"].search([("partner_id", "=", self.vendor.id)])
        self.assertEqual((agreement.state, agreement.user_id), ("running", receiver))
        self.assertEqual(product.with_company(self.company).qty_available, 120)
        self.assertFalse(agreement.review(), "The shelf is full.")
