"""Stage purchases in temporary tables and compare them with what a company has.

What was loaded before is recognised by a key: an order's ``client_order_ref``, a customer's
``ref``, a service product's ``default_code``, each beginning with the label of the load.
Customers and products belong to all companies, orders to one.

The tables, all dropped with the transaction:

* ``load_line``: the purchases, with quantity and money as Odoo will store them;
* ``load_order``: one row per order, ``known_id`` where it was loaded before;
* ``load_customer`` and ``load_product``: ``id`` where there is one, else ``is_new``;
* ``load_addition``: lines of the file that an order loaded before does not have.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo.tools import SQL

from .checks import Purchase
from .companies import Books
from .prices import round_to_step, storable_quantity, unit_price

PRODUCT_NAME = "Purchase"

_CREATE = """
    CREATE TEMPORARY TABLE load_line (
        line bigint, customer text, key text, moment timestamp, product text,
        quantity numeric, amount numeric, price numeric
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE load_product_name (product text, name text) ON COMMIT DROP;
    SET LOCAL work_mem = '128MB'
"""

# The second of two equal rows becomes key#2, and so on.
_NUMBER_EQUAL_ROWS = """
    UPDATE load_line
       SET key = key || '#' || equal.number
      FROM (
        SELECT ctid, row_number() OVER (PARTITION BY key ORDER BY line) AS number
          FROM load_line
      ) equal
     WHERE equal.ctid = load_line.ctid AND equal.number > 1
"""

_MATCH_ORDERS = """
    CREATE TEMPORARY TABLE load_order ON COMMIT DROP AS
    SELECT staged.*, known.id AS known_id
      FROM (
        SELECT key, min(customer) AS customer, min(moment) AS moment,
               min(line) AS line, count(*) AS lines, sum(amount) AS amount
          FROM load_line
         GROUP BY key
      ) staged
      LEFT JOIN (
        SELECT client_order_ref AS key, min(id) AS id
          FROM sale_order
         WHERE company_id = %(company)s AND starts_with(client_order_ref, %(prefix)s)
         GROUP BY client_order_ref
      ) known USING (key)
"""

_MATCH_CUSTOMERS = """
    CREATE TEMPORARY TABLE load_customer ON COMMIT DROP AS
    SELECT staged.customer, staged.ref, known.id AS id, known.id IS NULL AS is_new
      FROM (
        SELECT DISTINCT customer, %(label)s || '-' || customer AS ref FROM load_order
      ) staged
      LEFT JOIN (
        SELECT DISTINCT ON (ref) ref, id
          FROM res_partner
         WHERE starts_with(ref, %(label)s || '-')
           AND (company_id IS NULL OR company_id = %(company)s)
         ORDER BY ref, active DESC, id
      ) known USING (ref)
"""

# A row without a product has the label itself as its code.
_MATCH_PRODUCTS = """
    CREATE TEMPORARY TABLE load_product ON COMMIT DROP AS
    SELECT staged.product, staged.code, known.id AS id, known.id IS NULL AS is_new,
           NULL::bigint AS template_id,
           coalesce(named.name, nullif(staged.product, ''), %(purchase)s) AS name
      FROM (
        SELECT DISTINCT product,
               %(label)s || CASE product WHEN '' THEN '' ELSE '-' || product END AS code
          FROM load_line
      ) staged
      LEFT JOIN (
        SELECT product, min(name) AS name FROM load_product_name GROUP BY product
      ) named USING (product)
      LEFT JOIN (
        SELECT DISTINCT ON (variant.default_code) variant.default_code AS code, variant.id
          FROM product_product variant
          JOIN product_template template ON template.id = variant.product_tmpl_id
         WHERE starts_with(variant.default_code, %(label)s)
           AND template.type = 'service'
           AND (template.company_id IS NULL OR template.company_id = %(company)s)
         ORDER BY variant.default_code, variant.active DESC, variant.id
      ) known USING (code)
"""

# Lines have no key of their own. The file's lines are added where all of the order's lines are
# among them; an order that differs in another way was changed by someone and is left alone.
_FIND_ADDITIONS = """
    CREATE TEMPORARY TABLE load_addition ON COMMIT DROP AS
    WITH staged AS (
        SELECT load_order.known_id, load_line.line, load_product.id AS product_id,
               load_line.quantity, load_line.amount,
               row_number() OVER (
                   PARTITION BY load_order.known_id, load_product.id,
                                load_line.quantity, load_line.amount
                   ORDER BY load_line.line
               ) AS number
          FROM load_line
          JOIN load_order USING (key)
          JOIN load_product USING (product)
         WHERE load_order.known_id IS NOT NULL
    ), present AS (
        SELECT stored.order_id AS known_id, stored.product_id,
               stored.product_uom_qty AS quantity, stored.price_subtotal AS amount,
               row_number() OVER (
                   PARTITION BY stored.order_id, stored.product_id,
                                stored.product_uom_qty, stored.price_subtotal
               ) AS number
          FROM sale_order_line stored
          JOIN load_order ON load_order.known_id = stored.order_id
         WHERE stored.display_type IS NULL
    ), compared AS (
        SELECT known_id, staged.line, present.number IS NULL AS is_missing,
               bool_or(staged.line IS NULL) OVER (PARTITION BY known_id) AS has_others
          FROM staged
          FULL JOIN present USING (known_id, product_id, quantity, amount, number)
    )
    SELECT compared.known_id, compared.line,
           compared.has_others OR known.state != 'sale' OR coalesce(known.locked, FALSE)
               AS is_changed
      FROM compared
      JOIN sale_order known ON known.id = compared.known_id
     WHERE compared.is_missing
"""

# Odoo has numeric columns read as float: money is fetched as text.
_COUNT_ORDERS = """
    SELECT count(*) FILTER (WHERE known_id IS NULL),
           count(*) FILTER (WHERE known_id IS NOT NULL),
           coalesce(sum(lines) FILTER (WHERE known_id IS NULL), 0)::bigint,
           coalesce(sum(amount) FILTER (WHERE known_id IS NULL), 0)::text,
           coalesce(sum(amount), 0)::text, min(moment)::date, max(moment)::date
      FROM load_order
"""

_COUNT_ADDITIONS = """
    SELECT count(DISTINCT known_id) FILTER (WHERE NOT is_changed),
           count(DISTINCT known_id) FILTER (WHERE is_changed),
           count(*) FILTER (WHERE NOT is_changed),
           coalesce(sum(load_line.amount) FILTER (WHERE NOT is_changed), 0)::text
      FROM load_addition
      JOIN load_line USING (line)
"""


@dataclass
class Comparison:
    """What a file has that the database has not: numbers of records, and money.

    ``lines`` and ``amount`` are those to add, ``file_amount`` is the whole file's.
    ``extended`` orders were loaded before and get more lines; ``changed`` ones differ from the
    file because someone changed them, and stay as they are. ``first_day`` and ``last_day`` are
    local dates of the file's purchases, after moving them by ``shift_days``.
    """

    customers: int
    products: int
    orders: int
    lines: int
    amount: Decimal
    file_amount: Decimal
    orders_before: int
    extended: int
    changed: int
    first_day: date | None
    last_day: date | None
    shift_days: int


def purchase_key(label: str, purchase: Purchase, by_order: bool) -> str:
    """Return what a purchase's order is recognised by, whatever the shift of its dates.

    With ``by_order`` that is the order's own number together with its customer; else
    everything the row says, and equal rows are numbered later.
    """
    if by_order:
        parts = [purchase.customer, purchase.order]
    else:
        numbers = (purchase.quantity, purchase.amount)
        quantity, amount = (format(number.normalize(), "f") for number in numbers)
        parts = [purchase.customer, purchase.written, f"{quantity}x{amount}"]
        if purchase.product:
            parts.append(purchase.product)
    return "/".join([_escaped(part) for part in (label, *parts)])


class Staging:
    """The temporary tables of one load.

    :param books: the company and how it counts
    :param label: what the load's records are told apart by
    :param by_order: whether purchases have an order number
    """

    def __init__(self, books: Books, label: str, by_order: bool):
        self.books = books
        self.label = label
        self.by_order = by_order
        self.rounded = 0
        self.rounding_difference = Decimal(0)
        self._cursor = books.company.env.cr
        self._cursor.execute(_CREATE)

    def add(self, purchases: Iterable[tuple[int, Purchase]]) -> None:
        """Stage a batch of purchases, each with its number in the file.

        Amounts are rounded to the currency; ``rounded`` and ``rounding_difference`` tell how
        many that changed, and by how much altogether.
        """
        books = self.books
        rows = []
        for number, purchase in purchases:
            amount = round_to_step(purchase.amount, books.step)
            if amount != purchase.amount:
                self.rounded += 1
                self.rounding_difference += amount - purchase.amount
            quantity = storable_quantity(purchase.quantity, books.quantity_decimals)
            rows.append(
                (
                    str(number),
                    purchase.customer,
                    purchase_key(self.label, purchase, self.by_order),
                    purchase.moment.isoformat(),
                    purchase.product,
                    f"{quantity:f}",
                    f"{amount:f}",
                    f"{unit_price(amount, quantity, books.step):f}",
                )
            )
        self._copy("COPY load_line FROM STDIN", rows)

    def add_product_names(self, names: Iterable[tuple[str, str]]) -> None:
        """Stage names of products by the products' codes."""
        self._copy("COPY load_product_name FROM STDIN", names)

    def compare(self, shift: bool) -> Comparison:
        """Find out what is new.

        :param shift: whether the last purchase is to be today
        """
        if not self.by_order:
            self._cursor.execute(_NUMBER_EQUAL_ROWS)
        self._cursor.execute("ANALYZE load_line; ANALYZE load_product_name")
        values = {
            "company": self.books.company.id,
            "label": self.label,
            "prefix": _escaped(self.label) + "/",
            "purchase": PRODUCT_NAME,
        }
        for query in (_MATCH_ORDERS, _MATCH_CUSTOMERS, _MATCH_PRODUCTS):
            self._cursor.execute(query, values)
        self._cursor.execute("ANALYZE load_order; ANALYZE load_customer; ANALYZE load_product")
        extended = changed = more_lines = 0
        more_amount = "0"
        if self.by_order:
            self._cursor.execute(_FIND_ADDITIONS)
            [(extended, changed, more_lines, more_amount)] = self._fetch(_COUNT_ADDITIONS)
        [(orders, before, lines, amount, file_amount, first, last)] = self._fetch(_COUNT_ORDERS)
        [(customers,)] = self._fetch("SELECT count(*) FROM load_customer WHERE is_new")
        [(products,)] = self._fetch("SELECT count(*) FROM load_product WHERE is_new")
        days = 0
        if last is not None:
            if shift:
                days = (datetime.now(self.books.timezone).date() - last).days
            first, last = first + timedelta(days), last + timedelta(days)
        return Comparison(
            customers=customers,
            products=products,
            orders=orders,
            lines=lines + more_lines,
            amount=Decimal(amount) + Decimal(more_amount),
            file_amount=Decimal(file_amount),
            orders_before=before,
            extended=extended,
            changed=changed,
            first_day=first,
            last_day=last,
            shift_days=days,
        )

    def _copy(self, command: str, rows: Iterable[tuple[str, ...]]) -> None:
        text = "".join(["\t".join(row) + "\n" for row in rows])
        # Control characters were refused with their rows; only the escape itself is left.
        self._cursor.copy_expert(command, io.StringIO(text.replace("\\", "\\\\")))

    def _fetch(self, query: str | SQL) -> list[tuple]:
        self._cursor.execute(query)
        return self._cursor.fetchall()


def _escaped(part: str) -> str:
    """Return ``part`` without the characters that divide a key."""
    return part.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
