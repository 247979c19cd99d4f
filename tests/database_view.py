"""A database as seen beside the programs that work on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager

import psycopg2


class DatabaseView:
    """The data of a database, seen and changed over connections of its own."""

    def __init__(self, database: str):
        self.database = database

    def query(self, query: str, values: Sequence | Mapping = ()) -> list[tuple]:
        """Run a statement and commit it; return its rows, if it has some."""
        with closing(psycopg2.connect(dbname=self.database)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def held(self, statement: str, values: Sequence | Mapping = ()) -> Iterator[None]:
        """Hold what the statement locks while the body runs."""
        with closing(psycopg2.connect(dbname=self.database)) as connection:
            connection.cursor().execute(statement, values)
            yield
            connection.rollback()

    def waiting(self) -> int:
        """Return how many connections wait for a lock."""
        return self.query(
            """
            SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = CURRENT_DATABASE() AND wait_event_type = 'Lock'
            """
        )[0][0]

    def connections(self) -> int:
        """Return how many connections there are beside this one."""
        return self.query(
            """
            SELECT COUNT(*) FROM pg_stat_activity
             WHERE datname = CURRENT_DATABASE() AND pid <> PG_BACKEND_PID()
            """
        )[0][0]
