from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

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
                self.gold.delivery_priority,
            ),
            (0, 0, "0"),
        )
        self.assertEqual(self.gold.company_id, self.company)
        self.assertFalse(self.policy.tier_ids.service_level_id)

    @mute_logger("odoo.sql_db")
    def test_figures_lie_in_a_range(self):
        for field in ("response_hours", "resolution_hours"):
            for value in (-1, 10_001):
                with self.subTest(field=field, value=value):
                    with self.assertRaises(IntegrityError), self.cr.savepoint():
                        self.gold[field] = value
                        self.env.flush_all()
                    self.env.invalidate_all(flush=False)

    def test_a_level_in_use_is_archived_and_not_deleted(self):
        self.vip.service_level_id = self.gold
        with self.assertRaisesRegex(UserError, "archive the service level"):
            self.gold.unlink()
        self.vip.active = False
        with self.assertRaisesRegex(UserError, "archive the service level"):
            self.gold.unlink()
        self.vip.service_level_id = False
        self.gold.unlink()
        self.assertFalse(self.gold.exists())

    def test_an_archived_level_is_no_benefit(self):
        self.vip.service_level_id = self.gold
        self.gold.response_hours = 4
        self.assertIn("An answer within 4 working hours", self.vip._describe_benefits())
        self.gold.active = False
        self.assertFalse(self.vip._describe_benefits(for_customer=True))
        self.assertFalse(self.vip._describe_benefits())

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
