"""The lines of a company's orders, those of an order that share their days added up."""

import contextlib
from dataclasses import replace

from odoo.addons.set_based_runs.temporary_tables import TemporaryTables
from odoo.tools import SQL

from .deliveries import KEPT_COLUMNS

# The days of a line, and as of which days it is judged.
KEYS = (
    "approved_day", "due_day", "latest_day", "complete_day", "lead_days", "is_judged",
    "is_judged_latest", "is_left_out",
)  # fmt: skip
VALUES = (
    "promised_value", "kept_value", "latest_value", "kept_value_latest", "ordered_value",
)  # fmt: skip
# With the values at which prices what was ordered is compared.
REFERENCES = ("agreed", "other")


@contextlib.contextmanager
def gathered_events(cr, scope):
    """Give the scope with ``events``: a temporary table of what was due, came or was ordered.

    A row per order and days, from the first day of the scope's period on, with ``partner_id``,
    ``order_id``, :data:`KEYS`, the number of ``lines`` and of those that are ``ordered``, how many
    kept each definition, and the sums of ``bias_days`` and of values. Of what has a value of
    :data:`REFERENCES` there is what is paid and that value, such as ``agreed_paid`` and
    ``agreed_value``.
    """
    with TemporaryTables(cr, analyzes=True) as tables:
        yield replace(scope, events=tables.create("events", _events_query(scope)))


def _events_query(scope):
    """Return the SELECT of the events, in one pass over the lines."""
    keys = [SQL.identifier(name) for name in KEYS]
    return SQL(
        """
        SELECT partner_key AS partner_id, order_key AS order_id, %(keys)s,
               COUNT(*)::integer AS lines, COUNT(ordered_value)::integer AS ordered,
               SUM(bias_days)::integer AS bias_days, %(kept)s, %(values)s, %(references)s
          FROM (
            SELECT *, state = 'judged' AS is_judged, left_out IS NOT NULL AS is_left_out
              FROM vendor_delivery
             WHERE company_key = %(company)s AND %(vendors)s
               AND GREATEST(approved_day, due_day, latest_day, complete_day) >= %(first)s
          ) AS line
      GROUP BY partner_key, order_key, %(keys)s
        """,
        keys=SQL(", ").join(keys),
        kept=SQL(", ").join(
            SQL("COUNT(*) FILTER (WHERE %(name)s)::integer AS %(name)s", name=SQL.identifier(name))
            for name in KEPT_COLUMNS
        ),
        values=SQL(", ").join(
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name)) for name in VALUES
        ),
        references=SQL(", ").join(
            SQL(
                "SUM(ordered_value) FILTER (WHERE %(value)s IS NOT NULL) AS %(paid)s, "
                "SUM(%(value)s) AS %(value)s",
                paid=SQL.identifier(f"{name}_paid"),
                value=SQL.identifier(f"{name}_value"),
            )
            for name in REFERENCES
        ),
        company=scope.company_id,
        vendors=scope.of_vendors(SQL("partner_key")),
        first=scope.first,
    )
