"""Filling tables of Odoo's in bulk."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping

from odoo.tools import SQL


@contextlib.contextmanager
def without_indexes(cr, tables: tuple[str, ...]) -> Iterator[None]:
    """Take indexes and foreign keys off the tables while the body fills them.

    They are made again afterwards over all rows, which also checks the rows, and takes a
    fraction of the time of keeping them up row by row. Primary keys stay.
    """
    cr.execute(
        """
        SELECT format('DROP INDEX %%I', index.relname), pg_get_indexdef(index.oid)
          FROM pg_index
          JOIN pg_class AS index ON index.oid = pg_index.indexrelid
         WHERE pg_index.indrelid = ANY(%(tables)s::regclass[])
           AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = index.oid)
     UNION ALL
        SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
               format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                      conrelid::regclass, conname, pg_get_constraintdef(oid))
          FROM pg_constraint
         WHERE conrelid = ANY(%(tables)s::regclass[]) AND contype = 'f'
        """,
        {"tables": list(tables)},
    )
    statements = cr.fetchall()
    for drop, _make in statements:
        cr.execute(drop)
    yield
    cr.execute("SET LOCAL maintenance_work_mem = '512MB'")
    for table in tables:
        cr.execute(SQL("ANALYZE %s", SQL.identifier(table)))
    for _drop, make in statements:
        cr.execute(make)


def insert(cr, table: str, columns: Mapping[str, SQL], source: SQL) -> int:
    """Add a row to the table for each row of the source and return how many.

    :param columns: an expression for each column; those that the table does not have, because
        an add-on is not installed, are passed over
    :param source: what follows FROM
    """
    cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_schema = CURRENT_SCHEMA AND table_name = %s",
        [table],
    )
    there = {name for (name,) in cr.fetchall()}
    columns = {name: value for name, value in columns.items() if name in there}
    cr.execute(
        SQL(
            "INSERT INTO %s (%s) SELECT %s FROM %s",
            SQL.identifier(table),
            SQL(", ").join(SQL.identifier(name) for name in columns),
            SQL(", ").join(columns.values()),
            source,
        )
    )
    return cr.rowcount


def last_id(cr, table: str) -> int:
    """Return the highest id given out; new rows count on from there."""
    cr.execute(SQL("SELECT COALESCE(MAX(id), 0) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]


def count_on(cr, table: str) -> None:
    """Let the table's sequence go on after the rows that were added with ids of their own."""
    cr.execute(
        SQL(
            "SELECT setval(pg_get_serial_sequence(%s, 'id'), (SELECT MAX(id) FROM %s))",
            table,
            SQL.identifier(table),
        )
    )
