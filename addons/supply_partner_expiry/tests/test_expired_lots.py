from datetime import timedelta

from odoo.addons.supply_partner.tests.common import VmiCase
from odoo.fields import Datetime


class TestExpiredLots(VmiCase):
    """What has expired is not counted on, as in Odoo's own forecast."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.screws.sudo().product_tmpl_id.write({"tracking": "lot", "use_expiration_date": True})
        cls.agreement = cls.make_agreement((cls.screws, 50, 100))
        cls.line = cls.agreement.line_ids

    def put_lot(self, name, quantity, days):
        """Lay a lot on the shelf that is to be removed in so many days."""
        lot = self.env["stock.lot"].sudo().create({"name": name, "product_id": self.screws.id})
        lot.removal_date = Datetime.now() + timedelta(days=days)
        self.env["stock.quant"].sudo()._update_available_quantity(
            self.screws, self.stock, quantity, lot_id=lot
        )
        return lot

    def forecast(self):
        self.line._measure()
        self.env.invalidate_all()
        product = self.screws.sudo().with_context(location=self.stock.id)
        return self.line.position_qty, product.virtual_available

    def test_expired_lots_do_not_count(self):
        self.put_lot("FRESH", 30, 20)
        self.put_lot("OLD", 100, -2)
        self.assertEqual(self.forecast(), (30, 30))
        self.assertEqual(self.line.stock_status, "below")
        self.assertEqual(self.agreement.review().line_ids.suggested_qty, 70)

    def test_what_a_delivery_has_reserved_counts(self):
        old = self.put_lot("OLD", 100, 1)
        delivery = self.move(self.screws, 40, self.stock, self.customers)
        delivery._action_assign()
        old.removal_date = Datetime.now() - timedelta(days=2)
        self.assertEqual(self.forecast(), (0, 0))
        self.assertEqual((self.line.on_hand_qty, self.line.outgoing_qty), (40, 40))

    def test_all_of_it_expired_is_out_of_stock(self):
        self.put_lot("OLD", 100, -2)
        self.line._measure()
        self.assertEqual((self.line.on_hand_qty, self.line.stock_status), (0, "out"))

    def test_the_demand_of_the_past_is_of_what_lay_there(self):
        lot = self.put_lot("OLD", 190, -2)
        sold = self.move(self.screws, 90, self.stock, self.customers)
        sold._action_assign()
        sold.move_line_ids.lot_id = lot
        sold.quantity = 90
        sold.picked = True
        sold._action_done()
        sold.date = Datetime.now() - timedelta(days=3)
        self.env["stock.quant"].sudo().search([("product_id", "=", self.screws.id)]).in_date = (
            Datetime.now() - timedelta(days=200)
        )
        self.agreement.demand_days = 90
        self.line._measure()
        self.assertEqual(self.line.daily_demand, 1)
