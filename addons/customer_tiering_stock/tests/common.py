from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.fields import Command


class DeliveryCase(TieringCase):
    """VIPs are promised urgent deliveries, and goods are delivered from a warehouse."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.judge_by_revenue(grace_days=0, one_step_downgrade=False)
        cls.advice = cls.product
        cls.acme, cls.bolt = map(cls.make_customer, ("Acme", "Bolt"))
        cls.first_order = cls.make_order(cls.acme, 90, "2026-06-01")
        cls.make_order(cls.bolt, 45, "2026-06-01")
        cls.policy.evaluate("2026-06-30")
        cls.vip.service_level_id = cls.env["customer.service.level"].create(
            {"name": "Gold", "delivery_priority": "1"}
        )
        cls.ordinary.service_level_id = cls.env["customer.service.level"].create({"name": "Basic"})
        cls.product = cls.env["product.product"].create(
            {"name": "Chair", "is_storable": True, "taxes_id": [Command.clear()]}
        )
        cls.warehouse = cls.env["stock.warehouse"].search([("company_id", "=", cls.company.id)])

    def deliver(self, partner, company=None, **vals):
        """Return the confirmed order of one chair."""
        order = self.make_order(partner, 1, "2026-07-01", company=company, confirm=False)
        order.write(vals)
        order.action_confirm()
        return order

    def stock_up(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.warehouse.lot_stock_id, quantity
        )
