"""All add-ons at once, uninstalled with data in them, leave nothing behind, and Odoo works on."""

from __future__ import annotations

import contextlib

import psycopg2
import pytest
import traces
from psycopg2 import sql

from environment.addons import all_addons, cores, installable_addons

TAKES_MINUTES = True

FILL = """
import sys
sys.path.insert(0, {tests!r})
import traffic
traffic.fill(env, set(env.registry), {addons!r})
"""
WORKS_ON = """
import sys
sys.path.insert(0, {tests!r})
import traffic
exec(traffic.WORKS_ON, {{"env": env}})
env["res.partner"].get_views([(False, "form"), (False, "list"), (False, "search")])
env.ref("base.user_admin").read()
env.cr.commit()
"""


@pytest.fixture
def run_script(run_program):
    """Run lines of Python in Odoo's shell."""

    def run(database: str, lines: str):
        ended = run_program("bin/odoo", "shell", "-d", database, "--no-http", typed=lines)
        assert ended.returncode == 0, ended.stderr

    return run


@pytest.fixture
def uninstall(run_program):
    """Uninstall add-ons as an administrator would on the command line."""

    def run(database: str, *addons: str):
        ended = run_program("bin/odoo", "module", "uninstall", "-d", database, *addons)
        assert ended.returncode == 0, ended.stderr
        assert " ERROR " not in ended.stderr

    return run


@contextlib.contextmanager
def reading(database: str):
    connection = psycopg2.connect(dbname=database)
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def glue_addons() -> list[str]:
    """Return the names of the add-ons between the core add-on and another."""
    chosen = installable_addons()
    return [folder.name for folder in all_addons() if folder.name not in chosen]


def records_of(database: str, addons: list[str]) -> set[tuple[str, int]]:
    """Return what add-ons alone brought into a database, as (table, id), and their columns."""
    with reading(database) as cursor:
        cursor.execute(
            """
            SELECT REPLACE(model, '.', '_'), res_id
              FROM ir_model_data AS known
             WHERE module = ANY(%(addons)s)
               AND model NOT IN ('ir.module.module', 'ir.model.fields', 'ir.model')
               AND NOT EXISTS (
                   SELECT 1 FROM ir_model_data AS other
                    WHERE other.model = known.model AND other.res_id = known.res_id
                      AND other.module <> ALL(%(addons)s))
            """,
            {"addons": addons},
        )
        return set(cursor.fetchall())


def columns_of(database: str, addons: list[str]) -> set[tuple[str, str]]:
    """Return the columns that add-ons alone brought into a database."""
    with reading(database) as cursor:
        cursor.execute(
            """
            SELECT columns.table_name, columns.column_name
              FROM ir_model_data AS known
              JOIN ir_model_fields AS field ON field.id = known.res_id
              JOIN information_schema.columns AS columns
                ON columns.table_name = REPLACE(field.model, '.', '_')
               AND columns.column_name = field.name
               AND columns.table_schema = 'public'
             WHERE known.module = ANY(%(addons)s)
               AND known.model = 'ir.model.fields'
               AND NOT EXISTS (
                   SELECT 1 FROM ir_model_data AS other
                    WHERE other.model = known.model AND other.res_id = known.res_id
                      AND other.module <> ALL(%(addons)s))
            """,
            {"addons": addons},
        )
        return set(cursor.fetchall())


def still_there(database: str, records: set, columns: set) -> list[tuple]:
    """Return which of the records and columns a database still has."""
    left = []
    with reading(database) as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public'"
        )
        present = set(cursor.fetchall())
        tables = {table for table, _column in present}
        for table in {table for table, _id in records} & tables:
            ids = [record for name, record in records if name == table]
            cursor.execute(
                sql.SQL("SELECT id FROM {} WHERE id = ANY(%s)").format(sql.Identifier(table)),
                [ids],
            )
            left += [(table, record) for (record,) in cursor.fetchall()]
    return left + sorted(columns & present)


def test_all_at_once(uninstall, run_script, clone_database, checkout):
    names = {"tests": str(checkout / "tests"), "addons": [path.name for path in all_addons()]}
    database = clone_database("uninstall")
    run_script(database, FILL.format(**names))
    glue = glue_addons()
    # First what lies between others; then the cores, and all that builds on them with them.
    for taken, going in ((glue, glue), (list(cores()), names["addons"])):
        records, columns = records_of(database, going), columns_of(database, going)
        assert records and columns
        uninstall(database, *taken)
        assert not still_there(database, records, columns)
        run_script(database, WORKS_ON.format(**names))
    with reading(database) as cursor:

        def query(statement: str) -> list[tuple]:
            cursor.execute(statement)
            return cursor.fetchall()

        assert not traces.dangling(query)
