"""Writes what was found, only what differs."""

from odoo.addons.supply_partner_scorecard.engine.standings import upsert_statement
from odoo.tools import SQL

KINDS = {
    "many2one": "integer", "integer": "integer", "float": "double precision",
    "monetary": "numeric", "boolean": "boolean", "date": "date", "selection": "varchar",
}  # fmt: skip


def upsert(model, names, keys, rows):
    """Write rows of a model, those that are new or differ.

    :param names: the stored fields to write
    :param keys: those of them that are unique together
    :param rows: dicts of all names
    """
    types = {}
    for name in names:
        field = model._fields[name]
        is_numeric = field.type == "float" and field.column_type[0] == "numeric"
        types[name] = "numeric" if is_numeric else KINDS[field.type]
    if rows:
        model.env.cr.execute(upsert_statement(model._table, types, keys, rows))


def delete_others(model, company, keys, rows):
    """Delete the rows of a company that are not among those found.

    :param keys: names of integers that are unique together with the company
    """
    kept = SQL(" AND ").join(
        SQL("kept.%s = old.%s", SQL.identifier(key), SQL.identifier(key)) for key in keys
    )
    model.env.cr.execute(
        SQL(
            """
            DELETE FROM %(table)s old
             WHERE company_id = %(company)s
               AND NOT EXISTS (SELECT FROM UNNEST(%(values)s) AS kept (%(names)s) WHERE %(kept)s)
            """,
            table=SQL.identifier(model._table),
            company=company.id,
            values=SQL(", ").join(SQL("%s::integer[]", [row[key] for row in rows]) for key in keys),
            names=SQL(", ").join(SQL.identifier(key) for key in keys),
            kept=kept,
        )
    )
