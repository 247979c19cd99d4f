from datetime import timedelta
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo.exceptions import UserError
from odoo.fields import Command, Date, Datetime
from odoo.tools import mute_logger

from .common import VmiCase


class TestAlerts(VmiCase):
    """Buyers hear of a state once, as long as it lasts."""

    def told(self, agreement, kind=None):
        """Return the open activities about an agreement."""
        domain = [("res_model", "=", agreement._name), ("res_id", "=", agreement.id)]
        if kind:
            kinds = self.env.ref(f"supply_partner.mail_activity_{kind}")
            domain.append(("activity_type_id", "=", kinds.id))
        return self.env["mail.activity"].sudo().search(domain)

    def bought(self, quantity, days, product=None):
        """Return an order of the vendor's that is due in some days."""
        order = self.env["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "picking_type_id": self.warehouse.in_type_id.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": (product or self.screws).id,
                            "product_qty": quantity,
                            "price_unit": 1,
                            "date_planned": Datetime.now() + timedelta(days=days),
                        }
                    )
                ],
            }
        )
        order.button_confirm()
        return order

    def test_out_of_stock_is_told_once_and_closed_when_it_ends_and_told_when_it_comes_back(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        agreement.review()
        activity = self.told(agreement)
        self.assertEqual(activity.user_id, self.buyer)
        self.assertEqual(activity.summary, "Out of Stock")
        self.assertIn("Screws", activity.note)
        agreement.review()
        self.assertEqual(self.told(agreement), activity)
        self.put(self.screws, 80)
        agreement.review()
        self.assertFalse(self.told(agreement, "out"))
        self.assertFalse(activity.active)
        self.put(self.screws, -80)
        agreement.review()
        self.assertEqual(len(self.told(agreement, "out")), 1)
        self.assertNotEqual(self.told(agreement, "out"), activity)

    def test_what_the_buyer_did_or_deleted_does_not_come_again(self):
        bolts = self.make_product("Bolts", self.vendor)
        self.put(bolts, 80)
        agreement = self.make_agreement((self.screws, 60, 120), (bolts, 60, 120))
        agreement.review()
        self.told(agreement).action_done()
        agreement.review()
        self.assertFalse(self.told(agreement))
        self.put(bolts, -80)
        agreement.review()
        activity = self.told(agreement)
        self.assertIn("Bolts", activity.note)
        self.assertNotIn("Screws", activity.note)
        activity.unlink()
        agreement.review()
        self.assertFalse(self.told(agreement))

    def test_one_activity_names_all_products_and_follows_them(self):
        bolts = self.make_product("Bolts", self.vendor)
        agreement = self.make_agreement((self.screws, 60, 120), (bolts, 60, 120))
        self.put(bolts, 80)
        agreement.review()
        activity = self.told(agreement)
        self.assertNotIn("Bolts", activity.note)
        self.put(bolts, -80)
        agreement.review()
        self.assertEqual(self.told(agreement), activity)
        self.assertIn("Bolts", activity.note)
        self.assertIn("Screws", activity.note)
        self.put(self.screws, 80)
        agreement.review()
        self.assertNotIn("Screws", activity.note)

    def test_many_products_are_counted(self):
        products = [self.make_product(f"Part {number}", self.vendor) for number in range(23)]
        agreement = self.make_agreement(*[(product, 60, 120) for product in products])
        agreement.review()
        activity = self.told(agreement)
        self.assertEqual(len(activity), 1)
        self.assertIn("Part 19", activity.note)
        self.assertNotIn("Part 20", activity.note)
        self.assertIn("3 more", activity.note)

    def test_a_shortage_goes_by_the_date_the_vendor_now_names(self):
        self.put(self.screws, 10)
        self.move(self.screws, 12, self.stock, self.customers, days=2)
        order = self.bought(100, days=1)
        agreement = self.make_agreement((self.screws, 0, 500))
        agreement.review()
        self.assertFalse(self.told(agreement))
        named = Datetime.now() + timedelta(days=4)
        order.order_line.date_planned = named
        agreement.review()
        self.assertTrue(agreement.line_ids.is_short)
        self.assertEqual(agreement.line_ids.next_delivery_date, named.date())
        activity = self.told(agreement, "short")
        self.assertIn("Screws, next delivery", activity.note)
        order.order_line.date_planned = Datetime.now() + timedelta(days=2)
        agreement.review()
        self.assertFalse(self.told(agreement))

    def test_with_nothing_on_its_way_what_is_ordered_now_is_the_next_delivery(self):
        self.put(self.screws, 10)
        wanted = self.move(self.screws, 12, self.stock, self.customers, days=4)
        agreement = self.make_agreement((self.screws, 0, 500), planning_horizon_days=10)
        agreement.review()  # the vendor takes three days
        self.assertFalse(agreement.line_ids.is_short)
        wanted.date = Datetime.now() + timedelta(days=2)
        agreement.review()
        self.assertTrue(self.told(agreement, "short"))

    def test_a_late_receipt_that_names_no_other_day_is_not_counted_on(self):
        self.put(self.screws, 10)
        self.move(self.screws, 12, self.stock, self.customers, days=1)
        order = self.bought(100, days=-3)
        agreement = self.make_agreement((self.screws, 0, 500))
        agreement.review()
        self.assertTrue(self.told(agreement, "short"))
        self.assertFalse(agreement.line_ids.next_delivery_date)
        order.order_line.date_planned = Datetime.now()
        agreement.review()
        self.assertFalse(self.told(agreement))

    def test_overstock_and_dead_stock(self):
        bolts = self.make_product("Bolts", self.vendor)
        supplier = self.env.ref("stock.stock_location_suppliers")
        self.move(bolts, 500, supplier, self.stock, days=-200, done=True)
        self.put(self.screws, 200)
        agreement = self.make_agreement((self.screws, 60, 120), (bolts, 60, 120))
        agreement.review()
        self.assertIn("Screws", self.told(agreement, "above").note)
        self.assertIn("Bolts", self.told(agreement, "dead").note)
        self.assertEqual(len(self.told(agreement)), 2)

    def test_what_runs_out_as_agreed_is_no_alarm(self):
        agreement = self.make_agreement(
            {
                "product_id": self.screws.id,
                "min_qty": 60,
                "max_qty": 120,
                "order_stop_date": Date.today(),
            }
        )
        agreement.review()
        self.assertFalse(self.told(agreement))

    def test_the_backup_is_told_and_hands_back(self):
        other = self.make_buyer("vmi stand-in", self.company)
        agreement = self.make_agreement((self.screws, 60, 120), backup_user_id=other.id)
        agreement.review()
        activity = self.told(agreement)
        self.assertEqual(activity.user_id, other)
        agreement.backup_end = Date.today() - timedelta(days=1)
        agreement.review()
        self.assertEqual(self.told(agreement), activity)
        self.assertEqual(activity.user_id, self.buyer)

    def test_a_rest_and_the_end_close_all(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        agreement.review()
        agreement.action_suspend()
        self.assertFalse(self.told(agreement))
        self.assertFalse(self.env["vmi.alert"].search([("agreement_id", "=", agreement.id)]))
        agreement.action_resume()
        agreement.review()
        self.assertTrue(self.told(agreement))
        agreement.action_close()
        self.assertFalse(self.told(agreement))

    def test_each_company_tells_its_own_buyer_by_the_schedule(self):
        south = self.make_company("Southwind")
        buyer = self.make_buyer("vmi south", south)
        here = self.make_agreement((self.screws, 60, 120))
        there = (
            self.env["vmi.agreement"]
            .with_user(buyer)
            .with_context(allowed_company_ids=south.ids)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": south.id,
                    "user_id": buyer.id,
                    "line_ids": [
                        Command.create(
                            {"product_id": self.screws.id, "min_qty": 60, "max_qty": 120}
                        )
                    ],
                }
            )
        )
        there.action_start()
        self.env.flush_all()
        with self.enter_registry_test_mode():
            self.env.ref("supply_partner.ir_cron_review").sudo().method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(self.told(here).user_id, self.buyer)
        self.assertEqual(self.told(there).user_id, buyer)
        self.assertEqual(self.env["vmi.alert"].search([]).agreement_id, here)

    @mute_logger("odoo.addons.supply_partner.models.vmi_alert")
    def test_who_cannot_be_told_stops_no_review_and_the_database_does(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        telling = patch.object(self.env.registry["vmi.alert"], "_tell_new")
        with telling as tell:
            tell.side_effect = SerializationFailure("at the same moment")
            with self.assertRaises(SerializationFailure), self.env.cr.savepoint():
                agreement.review()
            tell.side_effect = UserError("Nobody is there.")
            self.assertTrue(agreement.review())
