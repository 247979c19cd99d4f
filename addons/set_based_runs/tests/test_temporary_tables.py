from odoo.tests import TransactionCase, tagged
from odoo.tools import SQL, mute_logger

from ..temporary_tables import TemporaryTables


@tagged("post_install", "-at_install")
class TestTemporaryTables(TransactionCase):
    """The temporary tables of a piece of work are its own, and end with it."""

    def test_two_on_one_connection_do_not_meet(self):
        with TemporaryTables(self.env.cr) as one, TemporaryTables(self.env.cr) as two:
            tables = [
                work.create("facts", SQL("SELECT %s AS number", number))
                for number, work in enumerate((one, two))
            ]
            found = [self.env.execute_query(SQL("TABLE %s", table)) for table in tables]
        self.assertEqual(found, [[(0,)], [(1,)]])

    def test_they_end_with_the_transaction_where_the_work_does_not_commit(self):
        with self.registry.cursor() as cr:
            created = TemporaryTables(cr).create("facts", SQL("SELECT 1 AS number"))
            cr.commit()  # pylint: disable=invalid-commit
            cr.execute(SQL("SELECT TO_REGCLASS(%s)", created.code.strip('"')))
            self.assertEqual(cr.fetchone(), (None,))

    def test_they_outlive_commits_where_the_work_does(self):
        with self.registry.cursor() as cr:
            with TemporaryTables(cr, commits=True) as work:
                created = work.create("facts", SQL("SELECT 1 AS number"))
                cr.commit()  # pylint: disable=invalid-commit
                cr.execute(SQL("TABLE %s", created))
                self.assertEqual(cr.fetchall(), [(1,)])
            cr.rollback()
            cr.execute(SQL("SELECT TO_REGCLASS(%s)", created.code.strip('"')))
            self.assertEqual(cr.fetchone(), (None,))

    def test_a_work_that_fails_after_a_commit_drops_them_too(self):
        with self.registry.cursor() as cr:
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaises(ZeroDivisionError),
                TemporaryTables(cr, commits=True) as work,
            ):
                created = work.create("facts", SQL("SELECT 1 AS number"))
                cr.commit()  # pylint: disable=invalid-commit
                raise ZeroDivisionError
            cr.rollback()
            cr.execute(SQL("SELECT TO_REGCLASS(%s)", created.code.strip('"')))
            self.assertEqual(cr.fetchone(), (None,))

    def test_those_that_several_processes_read_end_with_the_work_too(self):
        with self.registry.cursor() as cr:
            with TemporaryTables(cr, shared=True) as work:
                created = work.create("facts", SQL("SELECT 1 AS number"))
                cr.execute(
                    "SELECT relpersistence FROM pg_class WHERE oid = TO_REGCLASS(%s)",
                    [created.code.strip('"')],
                )
                # Of temporary ones, which are t, one process alone reads.
                self.assertEqual(cr.fetchone(), ("u",))
            cr.commit()  # pylint: disable=invalid-commit
            cr.execute(SQL("SELECT TO_REGCLASS(%s)", created.code.strip('"')))
            self.assertEqual(cr.fetchone(), (None,))

    def test_a_work_that_commits_cannot_share_them(self):
        with self.assertRaises(ValueError):
            TemporaryTables(self.env.cr, commits=True, shared=True)
