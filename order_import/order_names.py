"""Draw the names of many sale orders at once from the sequence that Odoo names them by."""

from __future__ import annotations

from datetime import date

from odoo.tools import SQL

from .errors import LoadError


def name_orders(company, table: str) -> None:
    """Fill ``name`` in a temporary table of orders, in the order of ``position``.

    The sequence is moved on, so that the next order made by hand has a number of its own.

    :param company: the company whose sequence it is, in the environment to use
    :param table: has the columns ``id``, ``position``, ``moment`` (local time) and ``name``
    :raises LoadError: when the company has no sequence for sale orders
    """
    sequence = company.env["ir.sequence"].search(
        [("code", "=", "sale.order"), ("company_id", "in", [company.id, False])],
        order="company_id",
        limit=1,
    )
    if not sequence:
        raise LoadError(f"company {company.name!r} has no number sequence for sale orders")
    orders = SQL.identifier(table)
    while True:
        query = SQL("SELECT min(moment)::date FROM %s WHERE name IS NULL", orders)
        [(day,)] = company.env.execute_query(query)
        if day is None:
            return
        _name_from(sequence, orders, day)


def _name_from(sequence, orders: SQL, day: date) -> None:
    """Name the orders from ``day`` to the end of the sequence's range that ``day`` is in."""
    holder = sequence._get_current_sequence(day)
    last_day = date.max
    if holder != sequence:
        last_day = holder.date_to
        sequence = sequence.with_context(ir_sequence_date_range=holder.date_from)
    holder.flush_recordset()
    before, after = sequence._get_prefix_suffix()
    chosen = SQL("name IS NULL AND moment::date <= %s", last_day)
    sequence.env.cr.execute(
        SQL(
            """
            UPDATE %(orders)s named
               SET name = %(before)s
                       || lpad(digits, greatest(%(padding)s, length(digits)), '0')
                       || %(after)s
              FROM (
                SELECT id, (%(number)s)::text AS digits
                  FROM (SELECT * FROM %(orders)s WHERE %(chosen)s ORDER BY position) sorted
              ) drawn
             WHERE drawn.id = named.id
            """,
            orders=orders,
            before=before,
            after=after,
            padding=sequence.padding,
            number=_number(sequence, holder, orders, chosen),
            chosen=chosen,
        )
    )


def _number(sequence, holder, orders: SQL, chosen: SQL) -> SQL:
    """Return the expression for an order's number, reserving the numbers where it has to be."""
    if sequence.implementation == "standard":
        name = f"ir_sequence_{sequence.id:03d}"
        if holder._name != sequence._name:
            name += f"_{holder.id:03d}"
        return SQL("nextval(%s::regclass)", name)
    [(start,)] = sequence.env.execute_query(
        SQL(
            """
            WITH before AS (SELECT id, number_next FROM %(table)s WHERE id = %(id)s FOR UPDATE)
            UPDATE %(table)s holder
               SET number_next = before.number_next + %(increment)s * (
                   SELECT count(*) FROM %(orders)s WHERE %(chosen)s
               )
              FROM before
             WHERE before.id = holder.id
         RETURNING before.number_next
            """,
            table=SQL.identifier(holder._table),
            id=holder.id,
            increment=sequence.number_increment,
            orders=orders,
            chosen=chosen,
        )
    )
    holder.invalidate_recordset(["number_next"])
    return SQL(
        "%s + %s * (row_number() OVER (ORDER BY position) - 1)", start, sequence.number_increment
    )
