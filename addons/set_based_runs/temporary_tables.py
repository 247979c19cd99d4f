"""Temporary tables, and how a step makes one from another."""

import secrets

from psycopg2.errors import InFailedSqlTransaction

from odoo.tools import SQL

from .large_statements import enlarge, read_allowance, shrink


class TemporaryTables:
    """The temporary tables of one piece of work, which end with it.

    Their names are the work's own, so that two on one connection never meet. Used as a context
    manager it drops them whatever happens; a connection is used by others afterwards.

    :ivar cr: the cursor
    :ivar shared: as below
    :param commits: whether commits lie between the work's steps. Without, PostgreSQL drops the
        tables at the end of the transaction, too.
    :param analyzes: whether PostgreSQL is told of how many rows and values there are
    :param shared: whether several processes of PostgreSQL may read them for one statement, which
        none but one does with temporary tables; for very many rows, and without commits: they are
        tables like others then, though unlogged, which nobody sees before a commit
    """

    def __init__(self, cr, commits=False, analyzes=False, shared=False):
        if commits and shared:
            raise ValueError("Tables that outlast a commit cannot be shared.")
        self.cr = cr
        self._commits = commits
        self._analyzes = analyzes
        self.shared = shared
        self._prefix = f"run_{secrets.token_hex(6)}_"
        self._names = []
        self._allowance = None

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

    def create(self, name, query, few=False, wide=False):  # pylint: disable=method-required-super
        """Fill a table anew with what a SELECT finds, and return its name as SQL.

        :param few: whether it finds a few of many rows, and may look up each
        :param wide: whether a row has very many columns, and hardly any two are of the same: some
            hundred rows tell enough about them then, where else some thousand do
        """
        self.drop(name)
        if name not in self._names:
            self._names.append(name)
        table, cr = self.table(name), self.cr
        self._allowance = self._allowance or read_allowance(cr)
        enlarge(cr, self._allowance, few)
        if self.shared:
            # Much is made of what takes little room.
            cr.execute("SET LOCAL min_parallel_table_scan_size = '1MB'")
            kind, end = SQL("UNLOGGED"), SQL("WITH (parallel_workers = 8)")
        else:
            kind, end = SQL("TEMPORARY"), SQL() if self._commits else SQL("ON COMMIT DROP")
        # A figure that is too large leaves a transaction in which one can say whose it is.
        with cr.savepoint(flush=False):
            cr.execute(SQL("CREATE %s TABLE %s %s AS %s", kind, table, end, query))
        shrink(cr)
        if self._analyzes:
            cr.execute("SET LOCAL default_statistics_target = %s", [1 if wide else 10])
            cr.execute(SQL("ANALYZE %s", table))
            cr.execute("SET LOCAL default_statistics_target TO DEFAULT")
        return table

    def drop(self, *names):
        """Drop some of the tables, all by default; those that are gone do no harm."""
        for name in names or self._names:
            self.cr.execute(SQL("DROP TABLE IF EXISTS %s", self.table(name)), log_exceptions=False)
