from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import ScorecardCase


class TestPromises(ScorecardCase):
    """The promise is frozen when the order is first approved; what changes is kept beside it."""

    def test_quantity_day_and_prices_are_frozen_in_units_and_the_companys_currency(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        dollar = self.env(su=True, user=1).ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].sudo().create(
            {
                "currency_id": dollar.id,
                "company_id": self.company.id,
                "name": "2026-01-01",
                "rate": 1.25,
            }
        )
        # The vendor's price was agreed before the order was made.
        self.env.cr.execute("UPDATE product_supplierinfo SET create_date = '2026-01-01'")
        other = self.make_vendor("Other Fasteners")
        self.add_seller(self.screws, other, price=1.5)
        order = self.ordered(
            {
                "product_id": self.screws.id,
                "product_qty": 10,
                "product_uom_id": dozen.id,
                "price_unit": 30.0,
                "discount": 10,
            },
            currency_id=dollar.id,
        )
        promise = self.promise(order)
        self.assertEqual(promise.quantity, 120)
        self.assertEqual(promise.date_promised, self.day("2026-02-10 12:00:00"))
        # 30 dollars a dozen less 10 % are 27, or 21.60 euros: 1.80 each.
        self.assertAlmostEqual(promise.price_unit, 1.8)
        self.assertEqual(promise.agreed_price, 2.0)
        self.assertEqual(promise.best_other_price, 1.5)
        self.assertEqual(promise.best_other_partner_id, other)
        self.assertEqual(promise.partner_id, self.vendor)
        self.assertFalse(promise.is_estimated)

    def test_set_to_draft_and_confirmed_again_promises_nothing_new(self):
        order = self.ordered()
        with freeze_time("2026-02-05 08:00:00"):
            order.button_cancel()
            order.button_draft()
            order.order_line.write({"product_qty": 4, "date_planned": "2026-02-20 12:00:00"})
            order.button_confirm()
        promise = self.promise(order)
        self.assertEqual(promise.quantity, 10)
        self.assertEqual(promise.date_promised, self.day("2026-02-10 12:00:00"))
        self.assertEqual(promise.approved_at, self.day("2026-02-01 08:00:00"))
        self.assertEqual(
            promise.change_ids.sorted("id").mapped("kind"),
            ["cancelled", "reopened", "quantity", "date", "confirmed"],
        )

    def test_who_lowers_the_quantity_decides_what_the_vendor_is_measured_by(self):
        order = self.ordered()
        order.order_line.product_qty = 7
        promise = self.promise(order)
        self.assertEqual(promise.due_quantity, 7)
        order.order_line.product_qty = 12
        self.assertEqual(promise.due_quantity, 7, "more than was promised is no promise")
        less = promise.change_ids.filtered(lambda change: change.new_quantity == 7)
        less.write({"origin": "vendor", "reason": "Sold out, said the phone"})
        self.assertEqual((promise.quantity, promise.due_quantity), (10, 10))
        self.assertEqual(less.user_id, self.env.user)

    def test_the_vendor_moves_the_date_on_the_portal(self):
        order = self.ordered()
        desk = new_test_user(
            self.env(su=True, user=1),
            "desk of acme",
            "base.group_portal",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        theirs = order.with_user(desk).sudo()
        theirs._update_date_planned_for_lines(
            [(theirs.order_line, self.day("2026-02-25 12:00:00"))]
        )
        change = self.promise(order).change_ids
        self.assertEqual((change.kind, change.origin, change.user_id), ("date", "vendor", desk))
        self.assertEqual(change.description, "10 Feb 2026 → 25 Feb 2026")
        self.assertEqual(self.promise(order).latest_date, self.day("2026-02-25 12:00:00"))
        self.assertEqual(self.promise(order).date_promised, self.day("2026-02-10 12:00:00"))

    def test_a_date_that_odoo_plans_anew_is_nobodys_agreement(self):
        order = self.ordered()
        order.order_line.product_qty = 8
        # The vendor's three days after the order's date.
        self.assertNotEqual(order.order_line.date_planned, self.day("2026-02-10 12:00:00"))
        self.assertEqual(self.promise(order).latest_date, self.day("2026-02-10 12:00:00"))
        self.assertEqual(self.promise(order).change_ids.mapped("kind"), ["quantity"])

    def test_a_line_added_later_is_promised_when_it_is_made(self):
        order = self.ordered()
        nuts = self.make_product("Nuts", self.vendor)
        with freeze_time("2026-02-04 09:00:00"):
            order.order_line = [
                Command.create(
                    {
                        "product_id": nuts.id,
                        "product_qty": 5,
                        "date_planned": "2026-02-15 12:00:00",
                    }
                )
            ]
        late = self.promise(order).filtered(lambda promise: promise.product_id == nuts)
        self.assertEqual(late.approved_at, self.day("2026-02-04 09:00:00"))
        self.assertEqual(late.date_promised, self.day("2026-02-15 12:00:00"))

    def test_an_order_written_past_the_buttons_is_promised_too(self):
        order = self.ordered(approved="2026-02-01 08:00:00")
        self.promise(order).sudo().unlink()
        self.recalculate()
        found = self.promise(order)
        self.assertEqual((found.quantity, found.is_estimated), (10, True))
        self.assertAlmostEqual(found.price_unit, 2.0)
        self.recalculate()
        self.assertEqual(self.promise(order), found)

    def test_the_ledger_is_kept(self):
        order = self.ordered()
        order.order_line.price_unit = 3
        change = self.promise(order).change_ids
        self.assertEqual((change.kind, change.old_price, change.new_price), ("price", 2, 3))
        with self.assertRaises(AccessError):
            change.unlink()
        with self.assertRaises(AccessError):
            change.new_price = 2
        with self.assertRaises(AccessError):
            self.promise(order).quantity = 1
