"""Orders of contacts that somebody set up: salesperson, payment terms, addresses, pricelist.

A contact or product that is not as the load itself would make it has a *kind*: the columns in
which it differs. Contacts that differ in the same values have orders alike, so one order made by
hand says what all of theirs have; a contact with other contacts around it is one of its own.
"""

from __future__ import annotations

from typing import Any

from odoo.tools import SQL

from .companies import Books
from .examples import learn_customers
from .patterns import Pattern, as_json

# What nothing on an order depends on, and names that the load itself gives.
_OF_NO_EFFECT = (
    "id", "create_uid", "create_date", "write_uid", "write_date", "name", "complete_name", "ref",
    "email", "email_normalized", "phone", "phone_sanitized", "comment", "customer_rank", "color",
    "street", "street2", "city", "website", "function", "default_code", "description_sale",
    "commercial_partner_id", "partner_latitude", "partner_longitude", "image_last_update",
)  # fmt: skip

# Every column of a row that is neither without effect nor a fact nor as the pattern has it.
_DIFFERENCES = """
    SELECT jsonb_object_agg(stored.key, stored.value)
      FROM jsonb_each(to_jsonb(%(record)s)) stored
      LEFT JOIN jsonb_each(%(constants)s::jsonb) made USING (key)
     WHERE stored.key != ALL(%(ignored)s) AND stored.value IS DISTINCT FROM made.value
"""


def mark_set_up(cursor, patterns: dict[str, Pattern]) -> None:
    """Fill ``kind`` of the customers and products that were there before the load.

    The column stays NULL for those that are as the load would have made them.
    """
    cursor.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE load_contact ON COMMIT DROP AS
            SELECT contact.id, (%(differences)s) AS differences,
                   contact.parent_id IS NOT NULL OR EXISTS (
                       SELECT FROM res_partner child WHERE child.parent_id = contact.id
                   ) AS has_relatives
              FROM res_partner contact
             WHERE contact.id IN (
                SELECT load_customer.id FROM load_customer
                  JOIN load_order USING (customer)
                 WHERE load_order.known_id IS NULL AND load_customer.id IS NOT NULL
             )
            """,
            differences=_differences(SQL("contact"), patterns["res_partner"]),
        )
    )
    cursor.execute(
        """
        UPDATE load_customer
           SET kind = concat_ws(',', 'relatives', (
                   SELECT string_agg(key, ',' ORDER BY key) FROM jsonb_object_keys(differences) key
               ))
          FROM load_contact
         WHERE load_contact.id = load_customer.id
           AND (differences IS NOT NULL OR has_relatives)
        """
    )
    for table, key in (("product_product", "id"), ("product_template", "product_tmpl_id")):
        cursor.execute(
            SQL(
                """
                UPDATE load_product
                   SET kind = concat_ws(',', kind, (
                       SELECT string_agg(key, ',' ORDER BY key) FROM jsonb_object_keys(found) key
                   ))
                  FROM (
                    SELECT variant.id, (%(differences)s) AS found
                      FROM product_product variant
                      JOIN %(table)s record ON record.id = %(key)s
                     WHERE variant.id IN (SELECT id FROM load_product WHERE NOT is_new)
                  ) compared
                 WHERE compared.id = load_product.id AND compared.found IS NOT NULL
                """,
                table=SQL.identifier(table),
                key=SQL.identifier("variant", key),
                differences=_differences(SQL("record"), patterns[table]),
            )
        )


def set_up_orders(books: Books, patterns: dict[str, Pattern]) -> None:
    """Give the orders that were just added what their customers' set-up makes of them."""
    env = books.company.env
    standing = SQL("NULL")
    if "customer.standing" in env:
        # A tier brings a pricelist and payment terms, and is no column of the contact.
        standing = SQL(
            "(SELECT tier_id FROM customer_standing held"
            " WHERE held.partner_id = contact.id AND held.company_id = %s)",
            books.company.root_id.id,
        )
    env.cr.execute(
        SQL(
            """
            SELECT (array_agg(contact.id ORDER BY contact.id))[1], array_agg(contact.id)
              FROM load_contact contact
             WHERE contact.differences IS NOT NULL OR contact.has_relatives
                   OR %(standing)s IS NOT NULL
             GROUP BY contact.differences, CASE WHEN contact.has_relatives THEN contact.id END,
                      %(standing)s
            """,
            standing=standing,
        )
    )
    members = dict(env.cr.fetchall())
    if not members:
        return
    env.cr.execute(
        """
        CREATE TEMPORARY TABLE load_owner ON COMMIT DROP AS
        SELECT load_numbered.id AS order_id, load_customer.id AS contact_id
          FROM load_numbered
          JOIN load_order ON load_order.key = load_numbered.key
          JOIN load_customer ON load_customer.customer = load_order.customer
          JOIN load_contact ON load_contact.id = load_customer.id;
        CREATE INDEX ON load_owner (contact_id);
        ANALYZE load_owner
        """
    )
    for partner, order, line in learn_customers(
        books, env["res.partner"].browse(members), patterns
    ):
        for table, key, values in (
            ("sale_order", "id", order),
            ("sale_order_line", "order_id", line),
        ):
            if values:
                _overwrite(env.cr, table, key, values, members[partner])


def _overwrite(cursor, table: str, key: str, values: dict[str, Any], contacts: list[int]) -> None:
    changes = [
        SQL("%s = %s", SQL.identifier(column), SQL.identifier("made", column)) for column in values
    ]
    cursor.execute(
        SQL(
            """
            UPDATE %(table)s
               SET %(changes)s
              FROM jsonb_populate_record(NULL::%(table)s, %(values)s::jsonb) made
             WHERE %(key)s IN (
                SELECT order_id FROM load_owner WHERE contact_id = ANY(%(contacts)s)
             )
            """,
            table=SQL.identifier(table),
            key=SQL.identifier(table, key),
            changes=SQL(", ").join(changes),
            values=as_json(values),
            contacts=contacts,
        )
    )


def _differences(record: SQL, pattern: Pattern) -> SQL:
    ignored = [*_OF_NO_EFFECT, *pattern.facts, *pattern.passing]
    return SQL(
        _DIFFERENCES,
        record=record,
        constants=as_json(pattern.constants),
        ignored=ignored,
    )
