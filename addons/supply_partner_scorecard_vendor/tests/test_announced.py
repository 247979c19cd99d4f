from datetime import timedelta

from odoo.addons.supply_partner_vendor.tests.common import VendorCase
from odoo.fields import Date
from odoo.tests import tagged


@tagged("post_install", "-at_install")
class TestAnnounced(VendorCase):
    """Acme announces 60 of the 100 screws it owes."""

    def test_what_differs_from_what_was_announced_counts_by_line(self):
        scorecard = self.env["vendor.scorecard"].sudo()._make_default(self.company)
        order = self.order()
        today = Date.context_today(order)
        answer = self.served(self.anna).announce_shipment(
            order.id, [{"order_line_id": order.order_line.id, "quantity": 60}], str(today)
        )
        shipment = self.env["vmi.shipment"].sudo().browse(answer["shipment_id"])
        self.receive(order, 50)
        # Days that are over are judged.
        shipment.date = today - timedelta(days=1)
        scorecard.action_recalculate()
        standings = self.env["vendor.standing"].sudo()
        found = standings._get_measures(self.vendor, self.company)[self.vendor.id]
        self.assertAlmostEqual(found["shipping_notice"]["value"], 1 - 10 / 60)
        self.assertEqual(found["shipping_notice"]["base"], 1)
