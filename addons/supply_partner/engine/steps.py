"""Temporary tables, and how a step makes one from another."""

import secrets

from psycopg2.errors import InFailedSqlTransaction

from odoo.tools import SQL


class TemporaryTables:
    """The temporary tables of one piece of work, which end with it.

    Each has a name of its own, so that one piece of work inside another on the same connection
    never meets its tables. As a context manager it drops them on every way out; PostgreSQL
    drops them at the end of the transaction, too, so nothing is left in a pooled connection.

    :ivar cr: the cursor
    """

    def __init__(self, cr):
        self.cr = cr
        self._prefix = f"vmi_{secrets.token_hex(6)}_"
        self._names = []

    def __enter__(self):
        return self

    def __exit__(self, *_failure):
        try:
            self.drop()
        except InFailedSqlTransaction:
            # A rollback follows, to before the tables or to the transaction's start.
            return

    def table(self, name):
        """Return a table's name as SQL."""
        return SQL.identifier(self._prefix + name)

    def create(self, name, query):  # pylint: disable=method-required-super
        """Fill a table anew with what a SELECT finds, and return its name as SQL."""
        self.drop(name)
        self._names.append(name)
        table = self.table(name)
        # Each step reads its tables whole; PostgreSQL expects few rows of them and would look up
        # each. A join that allows nothing else then looks so dear that up to version 17 it is
        # compiled, for seconds: not in the rest of the transaction, either.
        self.cr.execute("SET LOCAL jit = off")
        self.cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off")
        self.cr.execute(SQL("CREATE TEMPORARY TABLE %s ON COMMIT DROP AS %s", table, query))
        self.cr.execute("SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT")
        # For how many rows and values there are, a small sample of a wide table is enough.
        self.cr.execute("SET LOCAL default_statistics_target = 10")
        self.cr.execute(SQL("ANALYZE %s", table))
        self.cr.execute("SET LOCAL default_statistics_target TO DEFAULT")
        return table

    def drop(self, *names):
        """Drop some of the tables, all by default; those that are gone do no harm."""
        for name in names or tuple(self._names):
            if name in self._names:
                self.cr.execute(
                    SQL("DROP TABLE IF EXISTS %s", self.table(name)), log_exceptions=False
                )
                self._names.remove(name)
