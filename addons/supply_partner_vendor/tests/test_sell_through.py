from datetime import timedelta

from odoo.fields import Command

from ..models.vmi_sell_through import FIRST_DAYS
from .common import VendorCase


class TestSellThrough(VendorCase):
    """Screws are bought, sold, used and given back in the days before today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.days = cls.env["vmi.sell.through"].sudo()
        cls.suppliers = cls.env.ref("stock.stock_location_suppliers")
        cls.production = (
            cls.env["stock.location"]
            .sudo()
            .search([("usage", "=", "production"), ("company_id", "=", cls.company.id)], limit=1)
        )
        cls.today = cls.company._vmi_today()

    def refresh(self):
        self.days._refresh_company(self.company)

    def day(self, ago):
        row = self.days.search(
            [
                ("line_id", "=", self.agreement.line_ids.id),
                ("day", "=", self.today - timedelta(days=ago)),
            ]
        )
        return tuple(row[name] for name in ("sold_qty", "used_qty", "returned_qty", "on_hand_qty"))

    def test_a_day_has_what_went_out_what_came_back_and_what_was_left(self):
        self.put(self.screws, -20)
        self.move(self.screws, 100, self.suppliers, self.stock, days=-9, done=True)
        self.move(self.screws, 30, self.stock, self.customers, days=-5, done=True)
        self.move(self.screws, 8, self.stock, self.production, days=-5, done=True)
        self.move(self.screws, 4, self.customers, self.stock, days=-3, done=True)
        # Today is not over.
        self.move(self.screws, 2, self.stock, self.customers, done=True)
        self.refresh()
        self.assertEqual(self.day(9), (0, 0, 0, 100))
        self.assertEqual(self.day(5), (30, 8, 0, 62))
        self.assertEqual(self.day(4), (0, 0, 0, 62))
        self.assertEqual(self.day(3), (0, 0, 4, 66))
        self.assertEqual(self.day(1), (0, 0, 0, 66))
        self.assertFalse(self.days.search([("day", ">=", self.today)]))
        first = min(self.days.search([]).mapped("day"))
        self.assertEqual((self.today - first).days, FIRST_DAYS)

    def test_what_was_entered_late_is_written_anew_where_it_differs(self):
        self.refresh()
        old = self.days.search([("day", "=", self.today - timedelta(days=20))])
        kept = {row.id: row.on_hand_qty for row in old}
        self.move(self.screws, 5, self.stock, self.customers, days=-3, done=True)
        self.env.flush_all()
        self.env.cr.execute("SELECT id, xmin::text FROM vmi_sell_through")
        before = dict(self.env.cr.fetchall())
        self.refresh()
        self.assertEqual(self.day(3)[0], 5)
        self.env.cr.execute("SELECT id, xmin::text FROM vmi_sell_through")
        self.assertEqual(before.keys(), dict(self.env.cr.fetchall()).keys())
        self.assertEqual({row.id: row.on_hand_qty for row in old}, kept)

    def test_what_was_ordered_is_incoming_until_it_comes(self):
        order = self.order()
        order.date_approve -= timedelta(days=6)
        self.receive(order, 40)
        done = order.order_line.move_ids.filtered(lambda move: move.state == "done")
        done.sudo().date -= timedelta(days=2)
        self.refresh()
        line = self.agreement.line_ids
        incoming = {
            (self.today - row.day).days: row.incoming_qty
            for row in self.days.search([("line_id", "=", line.id)])
        }
        self.assertEqual([incoming[ago] for ago in (7, 6, 3, 2, 1)], [0, 100, 100, 60, 60])

    def test_each_company_and_each_failure_by_itself(self):
        with self.enter_registry_test_mode():
            self.env.ref(
                "supply_partner_vendor.ir_cron_sell_through"
            ).sudo().method_direct_trigger()
        self.assertTrue(self.days.search([("agreement_id", "=", self.agreement.id)]))

    def test_the_weeks_of_a_chart_are_sums_of_days(self):
        monday = self.today - timedelta(days=self.today.weekday() + 7)
        for weekday, quantity in ((0, 3), (6, 4)):
            ago = (self.today - monday).days - weekday
            self.move(self.screws, quantity, self.stock, self.customers, days=-ago, done=True)
        self.refresh()
        rows = self.served(self.anna).get_demand(weeks=2)["lines"]
        self.assertEqual(
            {row["week"]: row["quantity"] for row in rows},
            {monday.isoformat(): 7, (monday - timedelta(days=7)).isoformat(): 0},
        )
        page = self.served(self.anna)._get_product_page(self.agreement.line_ids.id)
        self.assertEqual(page["chart"][-1]["quantity"], 7)
        self.assertEqual(page["chart"][-1]["height"], 100)

    def test_the_vendor_asks_for_some_days(self):
        self.refresh()
        day = (self.today - timedelta(days=3)).isoformat()
        found = self.served(self.anna).get_sell_through(date_from=day, date_to=day)
        self.assertEqual([row["day"] for row in found["lines"]], [day])
        for wrong in ("yesterday", 5, "2026-13-01"):
            with self.assertRaisesRegex(Exception, "enter a day"):
                self.served(self.anna).get_sell_through(date_from=wrong)

    def test_a_closed_agreement_has_no_days_after_its_end(self):
        self.agreement.action_close()
        self.agreement.sudo().closed_on = self.today - timedelta(days=2)
        self.refresh()
        line = self.agreement.line_ids
        last = max(self.days.search([("line_id", "=", line.id)]).mapped("day"))
        self.assertEqual(last, self.agreement.closed_on)

    def test_two_agreements_do_not_mix(self):
        nails = self.make_product("Nails", self.vendor)
        self.agreement.line_ids = [
            Command.create({"product_id": nails.id, "min_qty": 1, "max_qty": 2})
        ]
        self.refresh()
        found = self.served(self.bert).get_sell_through()["lines"]
        self.assertEqual({row["product"] for row in found}, {"Hexagon Bolts"})
