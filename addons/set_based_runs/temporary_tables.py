"""Temporary tables, and how a step makes one from another."""

import secrets

from psycopg2.errors import InFailedSqlTransaction

from odoo.tools import SQL


class TemporaryTables:
    """The temporary tables of one piece of work, which end with it.

    Their names are the work's own, so that two on one connection never meet. Used as a context
    manager it drops them whatever happens; a connection is used by others afterwards.

    :ivar cr: the cursor
    :param commits: whether commits lie between the work's steps. Without, PostgreSQL drops the
        tables at the end of the transaction, too.
    :param analyzes: whether PostgreSQL is told of how many rows and values there are
    """

    def __init__(self, cr, commits=False, analyzes=False):
        self.cr = cr
        self._commits = commits
        self._analyzes = analyzes
        self._prefix = f"run_{secrets.token_hex(6)}_"
        self._names = []

    def __enter__(self):
        return self

    def __exit__(self, failure, *_details):
        if failure and self._commits:
            # In a transaction that failed the tables could not be dropped for good.
            self.cr.rollback()
        try:
            self.drop()
        except InFailedSqlTransaction:
            # The rollback that has to follow takes along what this transaction made.
            return
        if self._commits:
            self.cr.commit()  # pylint: disable=invalid-commit

    def table(self, name):
        """Return a table's name as SQL."""
        return SQL.identifier(self._prefix + name)

    def create(self, name, query):  # pylint: disable=method-required-super
        """Fill a table anew with what a SELECT finds, and return its name as SQL."""
        self.drop(name)
        if name not in self._names:
            self._names.append(name)
        table, cr = self.table(name), self.cr
        # Sorts and hashes of a few hundred thousand rows then stay in memory. Each step reads its
        # tables whole; PostgreSQL expects few rows of grouped ones, and would look up each, or go
        # along the first of two keys and compare all rows that have it.
        interpret(cr)
        cr.execute(
            "SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off;"
            " SET LOCAL enable_mergejoin = off"
        )
        end = SQL() if self._commits else SQL("ON COMMIT DROP")
        # A figure that is too large leaves a transaction in which one can say whose it is.
        with cr.savepoint(flush=False):
            cr.execute(SQL("CREATE TEMPORARY TABLE %s %s AS %s", table, end, query))
        cr.execute(
            "SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT;"
            " SET LOCAL enable_mergejoin TO DEFAULT"
        )
        if self._analyzes:
            # A small sample of a wide table is enough.
            cr.execute("SET LOCAL default_statistics_target = 10")
            cr.execute(SQL("ANALYZE %s", table))
            cr.execute("SET LOCAL default_statistics_target TO DEFAULT")
        return table

    def drop(self, *names):
        """Drop some of the tables, all by default; those that are gone do no harm."""
        for name in names or self._names:
            self.cr.execute(SQL("DROP TABLE IF EXISTS %s", self.table(name)), log_exceptions=False)


def interpret(cr):
    """Have PostgreSQL compile no query in what is left of the transaction.

    To be called before large statements. A join that is done although ``enable_nestloop`` is
    off is priced at 10¹⁰ up to PostgreSQL 17: the statement is then compiled, whatever its
    size, which takes seconds where the statement takes some hundredths.
    """
    cr.execute("SET LOCAL jit = off")
