"""Take back what was loaded under a label, except what is somebody's by now."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from .companies import Books
from .errors import LoadError
from .labels import EXTERNAL_KINDS, MODULE, ORIGIN, Labels

_FIND_ORDERS = """
    CREATE TEMPORARY TABLE undo_order ON COMMIT DROP AS
    SELECT sold.id, sold.name, sold.amount_untaxed AS amount,
           CASE WHEN sold.state != 'sale' OR coalesce(sold.locked, FALSE)
                  OR sold.write_uid != %(superuser)s
                  OR EXISTS (
                    SELECT FROM sale_order_line line
                     WHERE line.order_id = sold.id
                       AND (line.write_uid != %(superuser)s OR line.create_uid != %(superuser)s)
                  )
                THEN 'changed in Odoo'
                WHEN EXISTS (
                    SELECT FROM mail_message
                     WHERE model = 'sale.order' AND res_id = sold.id
                  )
                THEN 'has messages'
            END AS reason
      FROM sale_order sold
     WHERE sold.company_id = %(company)s AND sold.origin = %(origin)s
"""
# Every column of another table that names a record of one of the tables.
_REFERENCES = """
    SELECT reference.conrelid::regclass::text, attname, reference.confrelid::regclass::text
      FROM pg_constraint reference
      JOIN pg_attribute
        ON attrelid = reference.conrelid AND attnum = reference.conkey[1]
     WHERE reference.contype = 'f'
       AND reference.confrelid = ANY(%(tables)s::regclass[])
       AND NOT reference.conrelid = ANY(%(within)s::regclass[])
       AND reference.confdeltype = ANY(%(rules)s::"char"[])
     ORDER BY 1, 2
"""
_ANY_RULE = ["a", "r", "c", "n", "d"]
# Rows that would go along with the record are its own: they keep nobody.
_KEEPING_RULES = ["a", "r", "n", "d"]
_WORDS = {"account_move_line": "invoiced", "sale_order_line_invoice_rel": "invoiced"}


@dataclass
class Undone:
    """What was taken back and what was left.

    :param left: (name, reason) of orders that stay
    """

    orders: int
    amount: Decimal
    customers: int
    products: int
    left: list[tuple[str, str]] = field(default_factory=list)
    kept_customers: int = 0
    kept_products: int = 0

    @property
    def reasons(self) -> Counter[str]:
        """Reason → number of orders that stay for it."""
        return Counter(reason for _name, reason in self.left)


def undo(books: Books, label: str) -> Undone:
    """Remove the orders of a label, and its customers and products that nothing else names.

    The caller commits.

    :raises LoadError: when the company has nothing of that label
    """
    cursor = books.company.env.cr
    values = {
        "company": books.company.id,
        "origin": ORIGIN + label,
        "superuser": SUPERUSER_ID,
    }
    cursor.execute(_FIND_ORDERS, values)
    labels = Labels(books.company)
    if not cursor.rowcount and labels.recall(label) is None:
        known = ", ".join(labels.names()) or "none"
        raise LoadError(
            f"company {books.company.name!r} has no orders of the label {label!r}; "
            f"labels there are: {known}"
        )
    cursor.execute("CREATE INDEX ON undo_order (id); ANALYZE undo_order")
    _leave_used_orders(cursor)
    cursor.execute(
        "SELECT count(*), coalesce(sum(amount), 0)::text FROM undo_order WHERE reason IS NULL"
    )
    [(orders, amount)] = cursor.fetchall()
    cursor.execute("SELECT name, reason FROM undo_order WHERE reason IS NOT NULL ORDER BY id")
    left = cursor.fetchall()
    for table, column in (("sale_order_line", "order_id"), ("sale_order", "id")):
        cursor.execute(
            SQL(
                "DELETE FROM %s WHERE %s IN (SELECT id FROM undo_order WHERE reason IS NULL)",
                SQL.identifier(table),
                SQL.identifier(column),
            )
        )
    customers, kept_customers = _remove_added(cursor, label, "res.partner", "res_partner", "id")
    products, kept_products = _remove_added(
        cursor, label, "product.product", "product_product", "product_tmpl_id"
    )
    labels.forget(label)
    books.company.env.invalidate_all(flush=True)
    return Undone(orders, Decimal(amount), customers, products, left, kept_customers, kept_products)


def _leave_used_orders(cursor) -> None:
    """Give a reason to the orders that a record of any other table names."""
    tables = ["sale_order", "sale_order_line"]
    for table, column, target in _references(cursor, tables, _ANY_RULE):
        used = SQL("SELECT %s FROM %s", SQL.identifier(column), SQL.identifier(table))
        if target == "sale_order_line":
            used = SQL("SELECT order_id FROM sale_order_line WHERE id IN (%s)", used)
        cursor.execute(
            SQL(
                "UPDATE undo_order SET reason = %s WHERE reason IS NULL AND id IN (%s)",
                _WORDS.get(table) or f"used by {table}",
                used,
            )
        )


def _remove_added(cursor, label: str, model: str, table: str, template: str) -> tuple[int, int]:
    """Remove a label's customers or products; return how many went and how many stay.

    Those stay that somebody wrote on, or that another record names.
    """
    cursor.execute("DROP TABLE IF EXISTS undo_added")
    cursor.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE undo_added ON COMMIT DROP AS
            SELECT record.id, record.%(template)s AS template_id,
                   record.write_uid != %(superuser)s OR EXISTS (
                       SELECT FROM mail_message
                        WHERE model = %(model)s AND res_id = record.id
                          AND message_type NOT IN ('notification', 'auto_comment')
                   ) OR EXISTS (
                       SELECT FROM mail_activity
                        WHERE res_model = %(model)s AND res_id = record.id
                   ) AS is_kept
              FROM %(table)s record
              JOIN ir_model_data known
                ON known.model = %(model)s AND known.res_id = record.id
             WHERE known.module = %(module)s
               AND known.name = concat_ws('/', %(kind)s, record.id, %(label)s)
            """,
            template=SQL.identifier(template),
            table=SQL.identifier(table),
            superuser=SUPERUSER_ID,
            model=model,
            kind=EXTERNAL_KINDS[model],
            module=MODULE,
            label=label,
        )
    )
    cursor.execute("CREATE INDEX ON undo_added (id); ANALYZE undo_added")
    for other, column, _target in _references(cursor, [table], _KEEPING_RULES):
        cursor.execute(
            SQL(
                "UPDATE undo_added SET is_kept = TRUE"
                " WHERE NOT is_kept AND id IN (SELECT %s FROM %s)",
                SQL.identifier(column),
                SQL.identifier(other),
            )
        )
    if table == "res_partner":
        cursor.execute(
            """
            UPDATE undo_added SET is_kept = TRUE
             WHERE NOT is_kept AND EXISTS (
                SELECT FROM res_partner other
                 WHERE undo_added.id IN (other.parent_id, other.commercial_partner_id)
                   AND other.id != undo_added.id
             )
            """
        )
    going = SQL("SELECT id FROM undo_added WHERE NOT is_kept")
    for owner, column, name in (
        ("mail_message", "res_id", "model"),
        ("mail_followers", "res_id", "res_model"),
        ("ir_model_data", "res_id", "model"),
    ):
        cursor.execute(
            SQL(
                "DELETE FROM %s WHERE %s = %s AND %s IN (%s)",
                SQL.identifier(owner),
                SQL.identifier(name),
                model,
                SQL.identifier(column),
                going,
            )
        )
    cursor.execute(SQL("DELETE FROM %s WHERE id IN (%s)", SQL.identifier(table), going))
    gone = cursor.rowcount
    if table == "product_product":
        cursor.execute(
            """
            DELETE FROM product_template template
             WHERE id IN (SELECT template_id FROM undo_added WHERE NOT is_kept)
               AND NOT EXISTS (
                SELECT FROM product_product variant WHERE variant.product_tmpl_id = template.id
               )
            """
        )
    cursor.execute("SELECT count(*) FROM undo_added WHERE is_kept")
    return gone, cursor.fetchone()[0]


def _references(cursor, tables: list[str], rules: list[str]) -> list[tuple[str, str, str]]:
    cursor.execute(_REFERENCES, {"tables": tables, "within": tables, "rules": rules})
    return cursor.fetchall()
