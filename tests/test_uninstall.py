"""Add-ons that are uninstalled with data in them leave nothing behind, and Odoo works on."""

from __future__ import annotations

import contextlib

import psycopg2
import pytest
from psycopg2 import sql

from environment.addons import all_addons, installable_addons

CORE = "customer_tiering"
# Each finds the names of what is left of customer_tiering, beside records and columns of its own.
LEFT_OVERS = {
    "tables": "SELECT tablename FROM pg_tables WHERE tablename ~ '^customer_'",
    "models": "SELECT model FROM ir_model WHERE model ~ '^customer\\.'",
    "records": "SELECT name FROM ir_model_data WHERE module ~ '^customer_tiering'",
    "views": """
        SELECT name FROM ir_ui_view
         WHERE arch_db::text ~ 'customer_(tier|standing|score)' OR model ~ '^customer\\.'
    """,
    "actions": "SELECT name FROM ir_act_window WHERE res_model ~ '^customer\\.'",
    "scheduled actions": "SELECT cron_name FROM ir_cron WHERE cron_name ~ 'Tiering'",
    "activities": "SELECT summary FROM mail_activity WHERE automated AND active",
    "activity types": "SELECT name FROM mail_activity_type WHERE name::text ~ 'Customer '",
    "activity plans": "SELECT name FROM mail_activity_plan WHERE res_model = 'res.partner'",
    "subtypes": "SELECT name FROM mail_message_subtype WHERE name::text ~ 'Tier '",
    "messages": "SELECT subject FROM mail_message WHERE model ~ '^customer\\.'",
    "followers": "SELECT id FROM mail_followers WHERE res_model ~ '^customer\\.'",
}

# A customer with a standing, a ledger, a lock, a preview, an announcement, care and own figures, in
# a tier with a service level.
FILL = """
acme = env["res.partner"].create(
    {"name": "Acme", "is_company": True, "customer_size": "small", "customer_yearly_spend": 100}
)
advice = env["product.product"].create({"name": "Advice", "type": "service", "list_price": 90})
order = env["sale.order"].create(
    {"partner_id": acme.id, "order_line": [(0, 0, {"product_id": advice.id})]}
)
order.action_confirm()
admin = env.ref("base.user_admin")
admin.tells_downgrades = True
downgrade = env.ref("customer_tiering.mt_tier_downgrade")
acme.message_subscribe(admin.partner_id.ids, downgrade.ids)
policy = env["customer.tier.policy"]._get_active()
policy.evaluate()
lowest = policy._get_ladder()[-1]
lock = env["customer.tier.override"].create(
    {"partner_id": acme.id, "tier_id": lowest.id, "reason": "Agreed"}
)
env["customer.standing.change"]._announce(lambda **_progress: 1)
preview = policy.simulate()
told = env["mail.message"].search([("model", "=", "res.partner"), ("res_id", "=", acme.id)])
assert acme.customer_tier_id == lowest and told.subtype_id >= downgrade
assert preview.preview_move_ids
lowest.service_level_id = env["customer.service.level"].create(
    {
        "name": "Gold",
        "response_hours": 1,
        "delivery_priority": "1",
        "followup_days": 1,
        "user_id": admin.id,
    }
)
order.date_order = "2020-01-01"
plan = env.ref("customer_tiering.activity_plan_review")
lowest.welcome_plan_id = lowest.winback_plan_id = plan
env["customer.tier.segment.plan"].create(
    {"policy_id": policy.id, "cell": "mvc", "plan_id": plan.id, "for_present": True}
)
env["customer.followup"]._cron_plan()
follow_up = env["customer.followup"].search([("kind", "=", "follow_up")]).activity_id
assert follow_up and env["customer.followup"].search([("kind", "=", "plan")])
follow_up.action_feedback("Talked")
env.cr.commit()
"""

ORDER = """
order = env["sale.order"].search([("partner_id.name", "=", "Acme")]).copy()
order.action_confirm()
assert order.state == "sale"
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
def filled_database(clone_database, run_script):
    """Give a database in which the add-ons were at work."""

    def make(suffix: str) -> str:
        database = clone_database(suffix)
        run_script(database, FILL)
        return database

    return make


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


def test_the_add_ons_between_two_others_leave_nothing(uninstall, run_script, filled_database):
    database = filled_database("glue")
    addons = glue_addons()
    records, columns = records_of(database, addons), columns_of(database, addons)
    assert records and columns
    uninstall(database, *addons)
    assert not still_there(database, records, columns)
    run_script(database, ORDER)


def test_uninstalling_leaves_nothing(uninstall, run_script, filled_database):
    database = filled_database("uninstall")
    addons = [*glue_addons(), CORE]
    records, columns = records_of(database, addons), columns_of(database, addons)
    # The add-ons between it and others go with it.
    uninstall(database, CORE)
    assert not still_there(database, records, columns)
    with reading(database) as cursor:
        left = {}
        for kind, query in LEFT_OVERS.items():
            cursor.execute(query)
            left[kind] = cursor.fetchall()
    assert not {kind: rows for kind, rows in left.items() if rows}
    run_script(database, ORDER)
