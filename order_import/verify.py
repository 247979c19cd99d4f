"""Hold loaded orders against ones made by hand, and have Odoo compute what differs."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from odoo.tools import SQL

from .companies import Books
from .errors import LoadError
from .examples import Line, make_order, stored_row, undone
from .patterns import Pattern

SAMPLES = 2
_BATCH = 2_000
_TABLES = {"sale_order": "sale.order", "sale_order_line": "sale.order.line"}
# What two orders differ in that are made alike one after the other.
_OF_ITS_OWN = frozenset(("id", "order_id", "create_date", "write_date", "create_uid", "write_uid"))
# Floats that Odoo computed may differ in the last digit.
_PRECISION = Decimal("1e-9")

# Orders are alike in what the installed modules may make of them: lines, sign, whether the
# customer bought before, and how customer and products were set up.
_SHAPE = """
    CREATE TEMPORARY TABLE load_shape ON COMMIT DROP AS
    SELECT shaped.id, dense_rank() OVER (
               ORDER BY is_long, size, has_return, is_first, customer_kind, product_kind
           ) AS shape
      FROM (
        SELECT numbered.id, sold.lines > 1 AS is_long, sign(sold.amount) AS size,
               lines.has_return, lines.product_kind,
               coalesce(customer.kind, '') AS customer_kind,
               customer.is_new AND row_number() OVER (
                   PARTITION BY customer.id ORDER BY numbered.position
               ) = 1 AS is_first
          FROM load_numbered numbered
          JOIN load_order sold ON sold.key = numbered.key
          JOIN load_customer customer ON customer.customer = sold.customer
          JOIN (
            SELECT line.key, bool_or(line.quantity < 0) AS has_return,
                   max(coalesce(product.kind, '')) AS product_kind
              FROM load_line line
              JOIN load_product product ON product.product = line.product
             GROUP BY line.key
          ) lines ON lines.key = sold.key
      ) shaped
"""
_SAMPLE = """
    SELECT shape, id
      FROM (
        SELECT shape, id, row_number() OVER (PARTITION BY shape ORDER BY id) AS number
          FROM load_shape
      ) sorted
     WHERE number <= %s
     ORDER BY shape, id
"""


def verify_orders(books: Books, patterns: dict[str, Pattern]) -> int:
    """Compare some of each shape of the orders that were just added with ones made by hand.

    Columns that Odoo would fill in another way are computed by Odoo for all orders of a shape.

    :return: how many records were computed
    :raises LoadError: when they still differ, with the column's name
    """
    return _Verifier(books, patterns).run()


def recompute(records, names: list[str]) -> None:
    """Have Odoo compute stored fields of many records again."""
    fields = [records._fields[name] for name in names]
    for start in range(0, len(records), _BATCH):
        batch = records[start : start + _BATCH]
        for field in fields:
            records.env.add_to_compute(field, batch)
        records.env.flush_all()
        records.env.invalidate_all()


def computed_fields(model) -> list[str]:
    """Return the stored fields of a model that nobody can type into."""
    return [
        field.name
        for field in model._fields.values()
        if field.compute and field.store and field.column_type and field.readonly
        and not field.related
    ]  # fmt: skip


class _Verifier:
    def __init__(self, books: Books, patterns: dict[str, Pattern]):
        self.books = books
        self.env = books.company.env
        self.patterns = patterns

    def run(self) -> int:
        self.env.cr.execute(_SHAPE)
        self.env.cr.execute("ANALYZE load_shape")
        self.env.cr.execute(_SAMPLE, [SAMPLES])
        samples = self.env.cr.fetchall()
        wrong: dict[int, set[tuple[str, str]]] = defaultdict(set)
        for shape, order in samples:
            wrong[shape].update(self.differences(order))
        wrong = {shape: columns for shape, columns in wrong.items() if columns}
        count = sum(self.compute(shape, columns) for shape, columns in wrong.items())
        for shape, order in samples:
            if shape not in wrong:
                continue
            for (table, column), (loaded, by_hand) in self.differences(order).items():
                # What only Odoo computes is right once it did, even where two records differ.
                if not self.env[_TABLES[table]]._fields[column].readonly:
                    self.refuse(table, column, f"{by_hand} where the load has {loaded}")
        return count

    def differences(self, order_id: int) -> dict[tuple[str, str], tuple[Any, Any]]:
        """Return (table, column) → what is loaded and what an order made by hand has."""
        order = self.env["sale.order"].browse(order_id)
        loaded = [stored_row(record) for record in (order, *order.order_line.sorted("id"))]
        with undone(self.env):
            by_hand = self.make_again(order)
            made = [stored_row(record) for record in (by_hand, *by_hand.order_line.sorted("id"))]
        found = {}
        for index, (before, after) in enumerate(zip(loaded, made, strict=True)):
            table = "sale_order_line" if index else "sale_order"
            for column in before:
                if not self.says_nothing(table, column) and not _alike(
                    before[column], after[column]
                ):
                    found[table, column] = before[column], after[column]
        return found

    def make_again(self, order):
        """Put an order made by hand in the place of a loaded one."""
        lines = [
            Line(line.product_id, line.product_uom_qty, line.price_unit)
            for line in order.order_line.sorted("id")
        ]
        texts = {name: order[name] for name in ("name", "client_order_ref", "origin")}
        partner, moment = order.partner_id, order.date_order
        validity = order.validity_date
        self.env.cr.execute("DELETE FROM sale_order_line WHERE order_id = %s", [order.id])
        self.env.cr.execute("DELETE FROM sale_order WHERE id = %s", [order.id])
        self.env.invalidate_all()
        made = make_order(self.books, partner, lines, moment, **texts)
        if validity and made.validity_date:
            # The load goes by the company's day, Odoo here by UTC's.
            made.validity_date = validity
            self.env.flush_all()
        return made

    def says_nothing(self, table: str, column: str) -> bool:
        if column in _OF_ITS_OWN:
            return True
        field = self.env[_TABLES[table]]._fields.get(column)
        is_computed = field is not None and field.compute
        return column in self.patterns[table].passing and not is_computed

    def compute(self, shape: int, columns: set[tuple[str, str]]) -> int:
        """Compute columns for all orders of a shape; lines first, because orders add them up."""
        orders = SQL("SELECT id FROM load_shape WHERE shape = %s", shape)
        count = 0
        for table in ("sale_order_line", "sale_order"):
            names = sorted(column for where, column in columns if where == table)
            if not names:
                continue
            model = self.env[_TABLES[table]]
            for name in names:
                if name not in model._fields or not model._fields[name].compute:
                    self.refuse(table, name, "and does not compute it")
            query = orders
            if table == "sale_order_line":
                query = SQL("SELECT id FROM sale_order_line WHERE order_id IN (%s)", orders)
            ids = [record for (record,) in self.env.execute_query(query)]
            recompute(model.browse(ids), names)
            count += len(ids)
        return count

    def refuse(self, table: str, column: str, how: str) -> None:
        modules = (
            self.env["ir.model.fields"]
            .search([("model", "=", _TABLES[table]), ("name", "=", column)])
            .modules
        )
        raise LoadError(
            f"Odoo fills {table}.{column} ({modules or 'an unknown module'}) in a way that this "
            f"program cannot follow: {how}; nothing was loaded"
        )


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return abs(one - other) <= _PRECISION * max(1, abs(one), abs(other))
    if isinstance(one, str) and isinstance(other, str) and one != other:
        return _moment(one) is not None and _moment(one) == _moment(other)
    return one == other


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
