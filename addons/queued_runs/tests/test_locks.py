from contextlib import closing

from odoo.tests import TransactionCase, tagged
from odoo.tools import mute_logger

from ..tools import held_for_connection

SPACE, KEY = 710_129, 1


@tagged("post_install", "-at_install")
class TestLocks(TransactionCase):
    """A lock is had by one connection at a time, over commits, and given back whatever happens."""

    def setUp(self):
        super().setUp()
        self.one, self.two = (
            self.enterContext(closing(self.registry._db.cursor())) for _time in range(2)
        )

    def is_free_for_two(self):
        with held_for_connection(self.two, SPACE, KEY) as is_had:
            return is_had

    def test_one_has_it_until_the_end_over_commits(self):
        with held_for_connection(self.one, SPACE, KEY) as is_had:
            self.assertTrue(is_had)
            self.one.commit()  # pylint: disable=invalid-commit
            self.assertFalse(self.is_free_for_two())
        self.assertTrue(self.is_free_for_two())

    def test_a_broken_transaction_gives_it_back(self):
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaisesRegex(Exception, "division"),
            held_for_connection(self.one, SPACE, KEY),
        ):
            self.one.execute("SELECT 1 / 0")
        self.assertTrue(self.is_free_for_two())
