from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Date
from odoo.tools import mute_logger

from .common import VmiCase


class TestAgreements(VmiCase):
    """An agreement starts only when it can be served, and then holds its products' places."""

    def test_a_started_agreement_owns_a_manual_orderpoint_of_its_buyer(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        point = agreement.line_ids.orderpoint_id.sudo()
        self.assertEqual(agreement.state, "running")
        self.assertEqual(point.trigger, "manual")
        self.assertEqual(point.create_uid, self.buyer)
        self.assertEqual((point.product_min_qty, point.product_max_qty), (60, 120))
        self.assertEqual(point.supplier_id.partner_id, self.vendor)
        self.assertEqual(point.vmi_agreement_id, agreement)

    def test_all_that_is_wrong_is_said_at_once(self):
        stranger = self.make_product("Nails")
        dozen = self.env.ref("uom.product_uom_dozen")
        sold_in_dozens = self.make_product("Bolts", self.vendor, product_uom_id=dozen.id)
        expired = self.make_product("Rivets", self.vendor, date_end="2020-01-01")
        pack = self.env.ref("uom.product_uom_pack_6")
        agreement = self.make_agreement(
            (stranger, 1, 2),
            {
                "product_id": sold_in_dozens.id,
                "min_qty": 1,
                "max_qty": 2,
                "replenishment_uom_id": pack.id,
            },
            (expired, 1, 2),
            (self.screws, 1, 2),
            (self.screws, 3, 4),
            start=False,
        )
        with self.assertRaises(UserError) as caught:
            agreement.action_start()
        message = str(caught.exception)
        for part in (
            "Nails: Acme Fasteners has no valid price",
            "Bolts: a Pack of 6 is not a whole number of the vendor's unit",
            "Rivets: Acme Fasteners has no valid price",
            "Screws: is listed twice",
        ):
            self.assertIn(part, message)
        self.assertEqual(agreement.state, "draft")
        self.assertFalse(agreement.line_ids.orderpoint_id)

    def test_a_place_that_is_not_bought_for_is_refused(self):
        self.warehouse.sudo().buy_to_resupply = False
        with self.assertRaisesRegex(UserError, "is not supplied by a purchase"):
            self.make_agreement((self.screws, 1, 2))

    def test_a_second_agreement_names_the_first_one(self):
        first = self.make_agreement((self.screws, 60, 120))
        other = self.make_vendor("Bolt & Co")
        self.add_seller(self.screws, other)
        with self.assertRaisesRegex(UserError, f"{first.name} with Acme Fasteners keeps it"):
            self.make_agreement((self.screws, 1, 2), partner_id=other.id)

    def test_a_shelf_inside_the_place_is_refused_and_one_beside_it_is_not(self):
        shelf, beside = (
            self.env["stock.location"].sudo().create({"name": name, "location_id": self.stock.id})
            for name in ("Shelf", "Beside")
        )
        first = self.make_agreement((self.screws, 60, 120), location_id=shelf.id)
        self.make_agreement((self.screws, 60, 120), location_id=beside.id)
        with self.assertRaisesRegex(UserError, first.name):
            self.make_agreement((self.screws, 60, 120))

    def test_the_database_refuses_a_second_one_too(self):
        self.make_agreement((self.screws, 60, 120))
        second = self.make_agreement((self.screws, 60, 120), start=False)
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError),
            self.env.cr.savepoint(),
        ):
            second.sudo().state = "running"
            self.env.flush_all()

    def test_an_automatic_rule_stands_against_it_and_a_manual_one_is_taken_over(self):
        points = self.env["stock.warehouse.orderpoint"].sudo()
        rule = points.create(
            {"product_id": self.screws.id, "location_id": self.stock.id, "trigger": "auto"}
        )
        agreement = self.make_agreement((self.screws, 60, 120), start=False)
        with self.assertRaisesRegex(UserError, f"the reordering rule {rule.name}"):
            agreement.action_start()
        rule.trigger = "manual"
        agreement.action_start()
        self.assertEqual(agreement.line_ids.orderpoint_id, rule.with_env(agreement.env))

    def test_an_archived_rule_is_taken_over_instead_of_an_error_of_the_database(self):
        rule = (
            self.env["stock.warehouse.orderpoint"]
            .sudo()
            .create({"product_id": self.screws.id, "location_id": self.stock.id, "active": False})
        )
        agreement = self.make_agreement((self.screws, 60, 120))
        self.assertEqual(agreement.line_ids.orderpoint_id.id, rule.id)
        self.assertTrue(rule.active)

    def test_closing_gives_the_orderpoint_back(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        point = agreement.line_ids.orderpoint_id.sudo()
        agreement.action_close()
        self.assertFalse(point.vmi_agreement_id)
        point.trigger = "auto"
        self.assertEqual(point.trigger, "auto")
        with self.assertRaisesRegex(UserError, "closed"):
            agreement.review()

    def test_suspended_it_keeps_the_place_and_resumed_it_goes_on(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        agreement.action_suspend()
        with self.assertRaisesRegex(UserError, "suspended"):
            agreement.review()
        self.assertTrue(agreement.line_ids.orderpoint_id.sudo().vmi_agreement_id)
        agreement.action_resume()
        self.assertTrue(agreement.review())

    def test_changed_terms_are_kept_in_the_history_and_count_at_once(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        agreement.line_ids.min_qty = 80
        self.assertEqual(agreement.line_ids.orderpoint_id.sudo().product_min_qty, 80)
        self.assertIn("Minimum 60.0 → 80.0", agreement.message_ids[0].body)

    def test_a_product_added_while_running_is_checked_and_held(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        bolts = self.make_product("Bolts", self.vendor)
        agreement.line_ids = [Command.create({"product_id": bolts.id, "min_qty": 5, "max_qty": 10})]
        self.assertTrue(agreement.line_ids[-1].orderpoint_id)
        with self.assertRaisesRegex(UserError, "Nails: Acme Fasteners has no valid price"):
            agreement.line_ids = [Command.create({"product_id": self.make_product("Nails").id})]

    def test_what_decides_where_things_go_stays_while_running(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        with self.assertRaisesRegex(UserError, "not a draft any more"):
            agreement.partner_id = self.make_vendor("Other")
        with self.assertRaisesRegex(UserError, "product of a running agreement stays"):
            agreement.line_ids.product_id = self.make_product("Bolts", self.vendor)
        with self.assertRaises(UserError):
            agreement.sudo().unlink()

    def test_the_unit_of_the_figures_stays(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        dozen = self.env.ref("uom.product_uom_dozen")
        with self.assertRaisesRegex(UserError, f"Screws: the quantities of {agreement.name}"):
            self.screws.sudo().uom_id = dozen
        agreement.action_close()
        self.screws.sudo().uom_id = dozen
        self.assertEqual(self.screws.uom_id, dozen)

    def test_figures_that_make_no_sense_are_refused_by_name(self):
        for vals, message in (
            ({"min_qty": 5, "max_qty": 4}, "the Maximum 4.0 is below the Minimum 5.0"),
            ({"method": "service_level", "service_target": 1.0}, "Service Target"),
            ({"season_start": "2026-12-01"}, "both its first and its last day"),
        ):
            with self.assertRaisesRegex(ValidationError, message):
                self.make_agreement({"product_id": self.screws.id, **vals}, start=False)

    def test_days_beyond_all_sense_are_refused_by_name(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        for name, days in (
            ("planning_horizon_days", 3651),
            ("demand_period_days", 0),
            ("expiry_days", 366),
            ("review_days", 10**9),
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(IntegrityError, name.removesuffix("_days")),
                self.env.cr.savepoint(),
            ):
                agreement[name] = days
                agreement.flush_recordset()
            agreement.invalidate_recordset()

    def test_what_comes_to_stand_against_it_is_shown(self):
        shelf = self.stock.sudo().create({"name": "Shelf", "location_id": self.stock.id})
        deputy = self.make_buyer("vmi deputy", self.company)
        agreement = self.make_agreement(
            (self.screws, 60, 120), location_id=shelf.id, backup_user_id=deputy.id
        )
        self.assertFalse(agreement.problems)
        shelf.active = False
        deputy.sudo().active = False
        agreement.invalidate_recordset()
        self.assertIn("Shelf is archived: restore it", agreement.problems)
        self.assertIn("may not work in Northwind", agreement.problems)
        agreement.action_close()
        self.assertFalse(agreement.problems)

    def test_a_buyer_without_a_role_in_purchase_is_refused(self):
        clerk = self.make_buyer("vmi clerk", self.company, "base.group_user")
        with self.assertRaisesRegex(UserError, "cannot be the buyer"):
            self.make_agreement((self.screws, 60, 120), user_id=clerk.id)
        with self.assertRaises(AccessError):
            self.env["vmi.agreement"].with_user(clerk).search([])

    def test_the_backup_takes_over_on_the_days_set(self):
        deputy = self.make_buyer("vmi deputy", self.company)
        today = Date.today()
        agreement = self.make_agreement(
            (self.screws, 60, 120), backup_user_id=deputy.id, backup_start=today
        )
        self.assertEqual(agreement._get_acting_buyer(), deputy)
        agreement.backup_start = Date.add(today, days=1)
        self.assertEqual(agreement._get_acting_buyer(), self.buyer)

    def test_agreements_of_another_company_are_not_seen(self):
        agreement = self.make_agreement((self.screws, 60, 120))
        company = self.make_company("Southwind")
        other = self.make_buyer("vmi other", company)
        self.assertNotIn(
            agreement,
            self.env["vmi.agreement"]
            .with_user(other)
            .with_context(allowed_company_ids=company.ids)
            .search([]),
        )
