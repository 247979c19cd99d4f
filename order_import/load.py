"""Add staged purchases to Odoo's tables, set by set."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from odoo.tools import SQL

from .companies import Books
from .examples import learn_patterns
from .labels import EXTERNAL_KINDS, MODULE, ORIGIN
from .order_names import name_orders
from .patterns import Pattern, as_json
from .set_up import mark_set_up, set_up_orders
from .staging import Comparison
from .verify import computed_fields, recompute, verify_orders

_NEW_LINES = SQL("load_order.known_id IS NULL")
_ADDITIONAL_LINES = SQL("load_line.line IN (SELECT line FROM load_addition WHERE NOT is_left)")


def write(
    books: Books,
    comparison: Comparison,
    label: str,
    customer_prefix: str,
    step: Callable[[str], AbstractContextManager],
) -> None:
    """Add what the staged file has and the database has not; the caller commits.

    :param comparison: of the file that is staged in this transaction
    :param label: what the load is taken back by
    :param customer_prefix: what the name of a customer begins with that has none in the file
    :param step: called with a description, returns a context around the work
    :raises LoadError: when Odoo would store something else than the load can
    """
    if comparison.orders or comparison.extended:
        _Writer(books, comparison, label).write(customer_prefix, step)


class _Writer:
    def __init__(self, books: Books, comparison: Comparison, label: str):
        self.books = books
        self.label = label
        self.comparison = comparison
        self.cursor = books.company.env.cr
        self.patterns: dict[str, Pattern] = {}

    def write(self, customer_prefix: str, step: Callable) -> None:
        comparison = self.comparison
        with step("learning from examples what the installed modules store"):
            self.patterns = learn_patterns(self.books)
            mark_set_up(self.cursor, self.patterns)
        if comparison.products:
            with step(f"adding {comparison.products:,} products"):
                self.add_products()
                self.analyse("product_template", "product_product", "load_product")
        with step(f"adding {comparison.customers:,} customers"):
            self.add_customers(customer_prefix)
            self.analyse("res_partner", "load_customer")
        if comparison.orders:
            with step(f"adding {comparison.orders:,} orders"):
                self.add_orders()
                self.analyse("sale_order", "load_numbered")
        with step(f"adding {comparison.lines:,} order lines"):
            if comparison.orders:
                self.add_lines(SQL("load_numbered.id"), _NEW_LINES)
            if comparison.extended:
                self.add_lines(SQL("load_order.known_id"), _ADDITIONAL_LINES)
            self.analyse("sale_order_line")
        if comparison.orders:
            with step("setting what was set up for customers"):
                set_up_orders(self.books, self.patterns)
            with step("comparing with orders made by hand"):
                verify_orders(self.books, self.patterns)
        if comparison.extended:
            with step(f"computing {comparison.extended:,} orders with more lines"):
                self.compute_extended()

    def analyse(self, *tables: str) -> None:
        """Tell the planner that tables grew.

        Checks of foreign keys too are planned once and kept: those made for an empty table
        would scan a full one for each row.
        """
        for table in tables:
            self.cursor.execute(SQL("ANALYZE %s", SQL.identifier(table)))

    def add_products(self) -> None:
        self.cursor.execute(
            """
            UPDATE load_product
               SET id = nextval(pg_get_serial_sequence('product_product', 'id')),
                   template_id = nextval(pg_get_serial_sequence('product_template', 'id'))
             WHERE is_new
            """
        )
        facts = {
            "template": SQL("load_product.template_id"),
            "product": SQL("load_product.id"),
            "product code": SQL("load_product.code"),
            "translated product name": SQL("jsonb_build_object('en_US', load_product.name)"),
        }
        for table in ("product_template", "product_product"):
            self.insert(table, facts, SQL("load_product"), SQL("load_product.is_new"))
        self.remember("product.product", SQL("load_product"))

    def add_customers(self, prefix: str) -> None:
        self.cursor.execute(
            """
            UPDATE load_customer
               SET id = nextval(pg_get_serial_sequence('res_partner', 'id'))
             WHERE is_new
            """
        )
        facts = {
            "customer": SQL("load_customer.id"),
            "customer name": SQL(
                "coalesce(nullif(load_customer.name, ''), %s || load_customer.spelling)", prefix
            ),
            "customer reference": SQL("load_customer.ref"),
            "customer email": SQL("nullif(load_customer.email, '')"),
        }
        self.insert("res_partner", facts, SQL("load_customer"), SQL("load_customer.is_new"))
        self.remember("res.partner", SQL("load_customer"))
        self.cursor.execute(
            """
            UPDATE load_customer
               SET id = main.id
              FROM load_customer main
             WHERE main.customer = load_customer.same_as AND load_customer.id IS NULL
            """
        )

    def add_orders(self) -> None:
        self.cursor.execute(
            """
            CREATE TEMPORARY TABLE load_numbered ON COMMIT DROP AS
            SELECT sorted.key, sorted.moment, NULL::text AS name,
                   row_number() OVER (ORDER BY sorted.moment, sorted.line) AS position,
                   nextval(pg_get_serial_sequence('sale_order', 'id')) AS id
              FROM (
                SELECT key, line, moment + %s * interval '1 day' AS moment
                  FROM load_order
                 WHERE known_id IS NULL
                 ORDER BY moment, line
              ) sorted
            """,
            [self.comparison.shift_days],
        )
        name_orders(self.books.company, "load_numbered")
        facts = {
            "order": SQL("load_numbered.id"),
            "order name": SQL("load_numbered.name"),
            "order key": SQL("load_order.reference"),
            "origin": SQL("%s", ORIGIN + self.label),
            "customer": SQL("load_customer.id"),
            "moment": SQL(
                "(load_numbered.moment AT TIME ZONE %s) AT TIME ZONE 'UTC'",
                str(self.books.timezone),
            ),
            "validity": SQL(
                "load_numbered.moment::date + %s", self.books.company.quotation_validity_days
            ),
            "amount": SQL("load_order.amount"),
        }
        source = SQL(
            """
            load_numbered
            JOIN load_order ON load_order.key = load_numbered.key
            JOIN load_customer ON load_customer.customer = load_order.customer
            """
        )
        self.insert("sale_order", facts, source, SQL("TRUE"), SQL("load_numbered.position"))

    def add_lines(self, order_id: SQL, condition: SQL) -> None:
        facts = {
            "line": SQL("nextval(pg_get_serial_sequence('sale_order_line', 'id'))"),
            "order": order_id,
            "customer": SQL("load_customer.id"),
            "product": SQL("load_product.id"),
            "product name": SQL("load_product.name"),
            "coded product name": SQL("'[' || load_product.code || '] ' || load_product.name"),
            "quantity": SQL("load_line.quantity"),
            "amount": SQL("load_line.amount"),
            "price": SQL("load_line.price"),
            "rounded price": SQL(
                "round(abs(load_line.amount / load_line.quantity) / %(step)s) * %(step)s",
                step=self.books.step,
            ),
        }
        source = SQL(
            """
            load_line
            JOIN load_order ON load_order.key = load_line.key
            JOIN load_customer ON load_customer.customer = load_order.customer
            JOIN load_product ON load_product.product = load_line.product
            """
        )
        if self.comparison.orders:
            source = SQL("%s LEFT JOIN load_numbered ON load_numbered.key = load_order.key", source)
        self.insert(
            "sale_order_line", facts, source, condition, SQL("%s, load_line.line", order_id)
        )

    def compute_extended(self) -> None:
        """Have Odoo compute the orders that got more lines, and all their lines."""
        env = self.books.company.env
        self.cursor.execute(
            """
            SELECT line.order_id, line.id
              FROM sale_order_line line
             WHERE line.order_id IN (SELECT known_id FROM load_addition WHERE NOT is_left)
             ORDER BY line.order_id, line.id
            """
        )
        rows = self.cursor.fetchall()
        lines = env["sale.order.line"].browse(line for _order, line in rows)
        orders = env["sale.order"].browse(dict.fromkeys(order for order, _line in rows))
        for records in (lines, orders):
            recompute(records, computed_fields(records))

    def remember(self, model: str, source: SQL) -> None:
        """Give what was added an external id that names the label."""
        self.cursor.execute(
            SQL(
                """
                INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                SELECT %(module)s, concat_ws('/', %(kind)s, added.id, %(label)s),
                       %(model)s, added.id, TRUE
                  FROM %(source)s added
                 WHERE added.is_new
                """,
                module=MODULE,
                kind=EXTERNAL_KINDS[model],
                label=self.label,
                model=model,
                source=source,
            )
        )

    def insert(
        self,
        table: str,
        facts: dict[str, SQL],
        source: SQL,
        condition: SQL,
        order: SQL | None = None,
    ) -> None:
        """Insert a row into ``table`` for each row of ``source``, along the table's pattern."""
        pattern = self.patterns[table]
        columns = [*pattern.constants, *pattern.facts]
        values = [SQL.identifier("constant", column) for column in pattern.constants]
        values += [facts[fact] for fact in pattern.facts.values()]
        self.cursor.execute(
            SQL(
                """
                WITH constant AS MATERIALIZED (
                    SELECT * FROM jsonb_populate_record(NULL::%(table)s, %(constants)s::jsonb)
                )
                INSERT INTO %(table)s (%(columns)s)
                SELECT %(values)s
                  FROM %(source)s
                 CROSS JOIN constant
                 WHERE %(condition)s
                 ORDER BY %(order)s
                """,
                table=SQL.identifier(table),
                constants=as_json(pattern.constants),
                columns=SQL(", ").join(SQL.identifier(column) for column in columns),
                values=SQL(", ").join(values),
                source=source,
                condition=condition,
                order=order or SQL("1"),
            )
        )
