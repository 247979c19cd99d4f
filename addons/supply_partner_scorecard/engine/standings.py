"""Writes what a run found about vendors, only what differs."""

from odoo.tools import SQL

STANDING_TYPES = {
    "partner_id": "integer", "company_id": "integer", "scorecard_id": "integer",
    "state": "varchar", "score": "numeric", "best_score": "numeric", "rank_score": "numeric",
    "rated_weight": "numeric", "candidate_band_id": "integer", "earned_band_id": "integer",
    "band_id": "integer", "worse_since": "date",
}  # fmt: skip
CRITERION_TYPES = {
    "standing_id": "integer", "measure": "varchar", "value": "double precision",
    "base": "integer", "low": "double precision", "high": "double precision",
    "points": "double precision", "weight": "double precision", "is_counted": "boolean",
    "coverage": "double precision", "worst_points": "double precision",
    "best_points": "double precision", "min_base": "integer",
}  # fmt: skip
MONTH_TYPES = {
    "standing_id": "integer", "month": "date", "score": "numeric", "band_id": "integer",
}  # fmt: skip
CHANGE_TYPES = {
    "standing_id": "integer", "partner_id": "integer", "company_id": "integer", "date": "date",
    "old_band_id": "integer", "new_band_id": "integer", "score": "numeric", "reason": "varchar",
    "note": "varchar", "user_id": "integer",
}  # fmt: skip


def upsert_statement(table, types, keys, rows):
    """Return the statement that writes rows, those that are new or differ.

    :param types: PostgreSQL's type by column
    :param keys: the columns that are unique together
    :param rows: dicts of all columns
    """
    names = [SQL.identifier(name) for name in types]
    changing = [name for name in types if name not in keys]
    return SQL(
        """
        INSERT INTO %(table)s AS old (%(columns)s)
        SELECT * FROM %(rows)s
            ON CONFLICT (%(keys)s) DO UPDATE
           SET (%(changing)s) = ROW(%(new)s)
         WHERE ROW(%(old)s) IS DISTINCT FROM ROW(%(new)s)
        """,
        table=SQL.identifier(table),
        columns=SQL(", ").join(names),
        rows=_unnest(types, rows),
        keys=SQL(", ").join(SQL.identifier(name) for name in keys),
        changing=SQL(", ").join(SQL.identifier(name) for name in changing),
        new=SQL(", ").join(SQL("EXCLUDED.%s", SQL.identifier(name)) for name in changing),
        old=SQL(", ").join(SQL.identifier("old", name) for name in changing),
    )


def insert_statement(table, types, rows):
    """Return the statement that adds rows."""
    return SQL(
        "INSERT INTO %s (%s) SELECT * FROM %s",
        SQL.identifier(table),
        SQL(", ").join(SQL.identifier(name) for name in types),
        _unnest(types, rows),
    )


def _unnest(types, rows):
    """Return SQL of rows, an array for each column."""
    columns = SQL(", ").join(
        SQL(f"%s::{kind}[]", [row[name] for row in rows]) for name, kind in types.items()
    )
    return SQL("UNNEST(%s)", columns)
