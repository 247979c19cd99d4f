from unittest.mock import patch

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, mute_logger

from .common import TieringCase


class TestServiceLevels(TieringCase):
    """A service level says what a tier promises, and nothing by default."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env["customer.service.level"].create({"name": "Gold"})

    def test_nothing_is_promised_by_default(self):
        self.assertEqual(
            (
                self.gold.response_hours,
                self.gold.resolution_hours,
                self.gold.followup_days,
                self.gold.delivery_priority,
            ),
            (0, 0, 0, "0"),
        )
        self.assertEqual(self.gold.company_id, self.company)
        self.assertFalse(self.policy.tier_ids.service_level_id)

    @mute_logger("odoo.sql_db")
    def test_figures_are_not_negative(self):
        for field, value in (("response_hours", -1), ("resolution_hours", -1)):
            with self.assertRaises(IntegrityError), self.cr.savepoint():
                self.gold[field] = value
                self.env.flush_all()
            self.env.invalidate_all(flush=False)
        with self.assertRaises(IntegrityError), self.cr.savepoint():
            self.gold.followup_days = -1
            self.env.flush_all()

    def test_a_level_in_use_is_archived_and_not_deleted(self):
        self.vip.service_level_id = self.gold
        with self.assertRaisesRegex(UserError, "archive the level"):
            self.gold.unlink()
        self.vip.active = False
        with self.assertRaisesRegex(UserError, "archive the level"):
            self.gold.unlink()
        self.vip.service_level_id = False
        self.gold.unlink()
        self.assertFalse(self.gold.exists())

    def test_each_company_sees_its_own_levels_and_those_of_all(self):
        south = self.make_company("Southwind")
        levels = self.env["customer.service.level"]
        foreign = levels.create({"name": "South", "company_id": south.id})
        shared = levels.create({"name": "Shared", "company_id": False})
        for login, groups in (
            ("level_seller", "sales_team.group_sale_salesman"),
            ("level_manager", "customer_tiering.group_tiering_manager"),
        ):
            user = self.make_member(login, groups)
            self.assertEqual(levels.with_user(user).search([]), self.gold | shared, login)
            with self.assertRaises(AccessError):
                foreign.with_user(user).read(["name"])

    def test_salespeople_read_levels_and_managers_write_them(self):
        seller = self.make_member("level_reader", "sales_team.group_sale_salesman")
        manager = self.make_member("level_writer", "customer_tiering.group_tiering_manager")
        self.assertEqual(self.gold.with_user(seller).name, "Gold")
        with self.assertRaises(AccessError):
            self.gold.with_user(seller).response_hours = 1
        self.gold.with_user(manager).response_hours = 1
        self.assertEqual(self.gold.response_hours, 1)

    def test_who_may_not_see_tiers_sees_no_levels(self):
        user = self.make_member("level_blind", "base.group_user")
        with self.assertRaises(AccessError):
            self.gold.with_user(user).read(["name"])


class TestKeptPromises(TieringCase):
    """What the sources give is judged the same way for all of them."""

    def test_without_a_source_the_analysis_is_empty(self):
        report = self.env["customer.promise.report"]
        with patch.object(self.registry["customer.promise.report"], "_promise_sources", list):
            self.assertFalse(report.search([]))
            self.assertFalse(
                report._read_group(
                    [], ["tier_id", "promised_date:month"], ["attainment:avg", "days_late:avg"]
                )
            )

    def test_each_source_keeps_its_own_rows(self):
        def sources(report):
            return [
                SQL(
                    """
                    SELECT 7 AS id, NULL AS kind, %s AS partner_id, %s AS company_id,
                           NULL::integer AS tier_id, %s::timestamp AS promised_date,
                           %s::timestamp AS due, %s::timestamp AS kept_date,
                           'res.partner' AS res_model, %s AS res_id
                    """,
                    acme.id,
                    self.company.id,
                    "2026-07-01 12:00:00",
                    "2026-07-01 22:00:00",
                    done,
                    acme.id,
                )
                for done in ("2026-07-01 22:00:00", "2026-07-02 10:00:00", None)
            ]

        acme = self.make_customer("Acme")
        report = self.env["customer.promise.report"]
        with (
            patch.object(self.registry["customer.promise.report"], "_promise_sources", sources),
            freeze_time("2026-07-01 21:00:00"),
        ):
            promises = report.search([], order="id")
            self.assertEqual(promises.mapped("state"), ["kept", "broken", "open"])
            self.assertEqual(promises.mapped("days_late"), [0, 0.5, 0])
            self.assertEqual(
                report._read_group([], [], ["attainment:avg", "decided_count:sum", "is_kept:sum"]),
                [(0.5, 2, 1)],
            )
            self.assertEqual(report.browse(promises[1].id).kept_date.hour, 10)
