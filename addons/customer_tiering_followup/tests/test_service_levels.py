from psycopg2 import IntegrityError

from odoo.addons.customer_tiering.tests.common import TieringCase
from odoo.tools import mute_logger


class TestServiceLevels(TieringCase):
    """A service level says how often customers are followed up, and by default not at all."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env["customer.service.level"].create({"name": "Gold"})

    def test_no_follow_ups_by_default(self):
        self.assertEqual((self.gold.followup_days, self.gold.followups_per_week), (0, 0))

    def test_follow_ups_per_week(self):
        self.gold.followup_days = 14
        self.assertEqual(self.gold.followups_per_week, 0.5)

    @mute_logger("odoo.sql_db")
    def test_the_days_lie_in_a_range(self):
        for days in (-1, 3651):
            with self.subTest(days=days):
                with self.assertRaises(IntegrityError), self.cr.savepoint():
                    self.gold.followup_days = days
                    self.env.flush_all()
                self.env.invalidate_all(flush=False)
