"""What add-ons leave in a database: everything a database holds by name, and what dangles.

All queries, so that it can be asked beside the programs that work on the database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

# What is there, as texts that an uninstalled add-on and its return would not change.
_NAMES = {
    "table or view": "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm')",
    "column": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
    """,
    "sequence": "SELECT relname FROM pg_class WHERE relkind = 'S'",
    "index": "SELECT tablename || '.' || indexname FROM pg_indexes",
    "trigger": "SELECT tgrelid::regclass || '.' || tgname FROM pg_trigger WHERE NOT tgisinternal",
    "function": """
        SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    """,
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "choice of a field": """
        SELECT field.model || '.' || field.name || '=' || choice.value
          FROM ir_model_fields_selection AS choice
          JOIN ir_model_fields AS field ON field.id = choice.field_id
    """,
    # Odoo itself leaves those by which its modules know parts of a model that is gone.
    "external id": """
        SELECT module || '.' || name FROM ir_model_data
         WHERE model NOT IN ('ir.model.inherit', 'ir.model.fields.selection')
    """,
    "scheduled action": "SELECT cron_name FROM ir_cron",
    "access right": "SELECT name FROM ir_model_access",
    "record rule": "SELECT name FROM ir_rule",
    "group": "SELECT name::text FROM res_groups",
    "privilege": "SELECT name::text FROM res_groups_privilege",
    "view": "SELECT name || COALESCE(' of ' || model, '') FROM ir_ui_view",
    "menu": "SELECT name::text FROM ir_ui_menu",
    "action": "SELECT type || ' ' || name::text FROM ir_actions",
    "asset": "SELECT path FROM ir_asset",
    "sequence of numbers": "SELECT COALESCE(code, name) FROM ir_sequence",
    "parameter": "SELECT key FROM ir_config_parameter",
    "default value": """
        SELECT field.model || '.' || field.name
          FROM ir_default JOIN ir_model_fields AS field ON field.id = field_id
    """,
    "saved filter": "SELECT model_id || ' ' || name FROM ir_filters",
    # What was done stays in the history of the customer.
    "activity": "SELECT id || ' ' || COALESCE(summary, '') FROM mail_activity WHERE active",
    "activity type": "SELECT name::text FROM mail_activity_type",
    "activity plan": "SELECT name::text FROM mail_activity_plan",
    "step of an activity plan": "SELECT summary FROM mail_activity_plan_template",
    "kind of message": "SELECT name::text FROM mail_message_subtype",
    "mail template": "SELECT name::text FROM mail_template",
    "paper format": "SELECT name FROM report_paperformat",
}
# Where others speak of a model by its name, in a column that nothing keeps in order.
_MODEL_NAMES = {
    "ir_act_window": "res_model",
    "ir_attachment": "res_model",
    "ir_filters": "model_id",
    "ir_model_data": "model",
    "ir_ui_view": "model",
    "mail_activity": "res_model",
    "mail_activity_plan": "res_model",
    "mail_activity_type": "res_model",
    "mail_followers": "res_model",
    "mail_message": "model",
    "mail_message_subtype": "res_model",
    "mail_template": "model",
}

Query = Callable[[str], Iterable[tuple]]


def names_in(query: Query) -> dict[str, set[str]]:
    """Return the names of what a database holds, by what it is.

    :param query: runs a statement and returns its rows
    """
    tables = {name for (name,) in query(_NAMES["table or view"])}
    return {
        kind: {name for (name,) in query(statement) if name}
        for kind, statement in _NAMES.items()
        if not _is_of_missing(statement, tables)
    }


def what_came(before: dict[str, set[str]], after: dict[str, set[str]]) -> list[str]:
    """Return what a database holds that it did not, a line each."""
    return [
        f"{kind}: {name}"
        for kind, names in after.items()
        for name in sorted(names - before.get(kind, set()))
    ]


def dangling(query: Query) -> list[str]:
    """Return what is kept of models that are gone, a line each."""
    tables = {name for (name,) in query(_NAMES["table or view"])}
    found = []
    for table, column in _MODEL_NAMES.items():
        if table in tables:
            rows = query(
                f"""
                SELECT DISTINCT {column} FROM {table}
                 WHERE {column} IS NOT NULL AND {column} NOT IN (SELECT model FROM ir_model)
                """  # noqa: S608, names that stand above
            )
            found += [f"{table} of the model {model}" for (model,) in rows]
    return found


def _is_of_missing(statement: str, tables: set[str]) -> bool:
    """Return whether a statement reads a table of Odoo's that the database has not."""
    words = statement.split()
    read = {words[place + 1] for place, word in enumerate(words) if word in ("FROM", "JOIN")}
    return any(name.startswith(("ir_", "mail_", "res_", "report_")) for name in read - tables)
