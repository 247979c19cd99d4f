from datetime import datetime, timedelta

from freezegun import freeze_time

from odoo.addons.supply_partner.tests.common import VmiCase


class TestExpiredLots(VmiCase):
    """Expired lots are counted as in Odoo's forecast."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.glue = cls.make_product("Glue", cls.vendor)
        cls.glue.sudo().write({"tracking": "lot", "use_expiration_date": True})
        cls.line = cls.make_agreement((cls.glue, 60, 120)).line_ids

    def put_lot(self, quantity, days, reserved=0, moment=None):
        """Let a lot lie here that is to be removed in some days; negative ones are past."""
        moment = moment or datetime.now() + timedelta(days=days)
        lot = (
            self.env["stock.lot"]
            .sudo()
            .create(
                {
                    "name": f"{quantity} {days} {reserved}",
                    "product_id": self.glue.id,
                    "company_id": self.company.id,
                    "expiration_date": moment,
                    "removal_date": moment,
                }
            )
        )
        quants = self.env["stock.quant"].sudo()
        if quantity:
            quants._update_available_quantity(self.glue, self.stock, quantity, lot_id=lot)
        if reserved:
            quants._update_reserved_quantity(self.glue, self.stock, reserved, lot_id=lot)
        self.env.flush_all()
        return lot

    def position(self):
        """Return on hand and position, as much as in Odoo's forecast for the orderpoint."""
        self.line._measure()
        point = self.line.orderpoint_id.sudo()
        self.glue.invalidate_recordset()
        forecast = self.glue.with_context(**point._get_product_context()).virtual_available
        self.assertEqual(self.line.position_qty, forecast)
        return self.line.on_hand_qty, self.line.position_qty

    def test_fresh_ones_count_and_of_expired_ones_what_is_reserved(self):
        self.put_lot(40, 90)
        self.assertEqual(self.position(), (40, 40))
        self.put_lot(30, -1)
        self.assertEqual(self.position(), (40, 40))
        self.put_lot(25, -2, reserved=10)
        self.assertEqual(self.position(), (50, 50))
        self.put_lot(20, 90, reserved=5)
        self.assertEqual(self.position(), (70, 70))
        here = self.glue.with_context(location=self.stock.id)
        self.assertEqual(here.virtual_available, 70)
        # The product's own figure is all that lies there.
        self.assertEqual(here.qty_available, 115)

    def test_what_goes_out_today_is_gone_and_what_does_tomorrow_is_counted_on_no_more(self):
        # The vendor needs three days.
        today = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.put_lot(1, 0, moment=today + timedelta(hours=23, minutes=59))
        self.put_lot(10, 1, moment=today + timedelta(days=1))
        self.put_lot(100, 3, reserved=30, moment=today + timedelta(days=3, hours=23))
        self.put_lot(1000, 4, moment=today + timedelta(days=4))
        self.assertEqual(self.position(), (1110, 1030))

    @freeze_time("2026-06-10 21:00:00")
    def test_the_day_is_that_of_the_company(self):
        self.put_lot(10, 0, moment=datetime(2026, 6, 10, 23, 0))
        self.line._measure()
        self.assertEqual(self.line.on_hand_qty, 0)
        # There it is 23:00; the lot is to be removed at one in the morning.
        self.company.sudo().resource_calendar_id.tz = "Europe/Berlin"
        self.line._measure()
        self.assertEqual(self.line.on_hand_qty, 10)

    def test_all_expired_is_out_of_stock_and_ordered_with_the_reason(self):
        self.put_lot(200, -1)
        self.put_lot(50, 2)
        self.line._measure()
        self.assertEqual(self.line.stock_status, "below")
        proposed = self.line.agreement_id.review().line_ids
        self.assertEqual(proposed.suggested_qty, 120)
        self.assertIn("50 on hand − 50 to be removed before new ones come", proposed.explanation)
        self.put_lot(-50, 2)
        self.line._measure()
        self.assertEqual((self.line.stock_status, self.line.on_hand_qty), ("out", 0))

    def test_demand_is_told_from_all_that_lay_there(self):
        vendors = self.env.ref("stock.stock_location_suppliers")
        self.line.agreement_id.demand_period_days = 20
        lot = self.put_lot(0, -1)
        for quantity, origin, destination, days in (
            (100, vendors, self.stock, -60),
            (40, self.stock, self.customers, -10),
        ):
            move = self.move(self.glue, quantity, origin, destination, days)
            move.move_line_ids.unlink()
            self.env["stock.move.line"].sudo().create(
                {
                    "move_id": move.id,
                    "product_id": self.glue.id,
                    "lot_id": lot.id,
                    "quantity": quantity,
                    "location_id": origin.id,
                    "location_dest_id": destination.id,
                    "picked": True,
                }
            )
            move._action_done()
            move.date = datetime.now() + timedelta(days=days)
        self.line._measure()
        # It was there on each of the 20 days, though nothing of what is left can be used.
        self.assertEqual((self.line.on_hand_qty, self.line.daily_demand), (0, 2))
        self.assertFalse(self.line.is_demand_thin)

    def test_expired_lots_of_another_company_are_its_own(self):
        south = self.make_company("Southwind")
        self.put_lot(40, 90)
        lot = self.env["stock.lot"].sudo().create(
            {"name": "South", "product_id": self.glue.id, "company_id": south.id}
        )  # fmt: skip
        lot.removal_date = datetime.now() - timedelta(days=1)
        self.put(self.glue, 10, self.warehouse_of(south).lot_stock_id)
        self.env["stock.quant"].sudo()._update_available_quantity(
            self.glue, self.warehouse_of(south).lot_stock_id, 70, lot_id=lot
        )
        self.assertEqual(self.position(), (40, 40))
