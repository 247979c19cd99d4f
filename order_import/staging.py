"""Stage purchases in temporary tables and compare them with what a company has.

What was loaded before is recognised by what it is, not by the file that it came from: a customer
by reference or e-mail address, an order by its number (or by all that its row says) together
with its customer, a product by its code. Customers and products belong to all companies, orders
to one. A source whose numbers mean nothing outside of it is kept apart by a name before them.

The tables, all dropped with the transaction:

* ``load_line``: the purchases, with quantity and money as Odoo will store them;
* ``load_order``: one row per order, ``known_id`` where it was loaded before;
* ``load_person``: customers as the file has them; ``load_customer``: the same with the contact
  that each is, else ``is_new``, or ``same_as`` another one of the file;
* ``load_product``: ``id`` where there is one, else ``is_new``;
* ``load_addition``: lines of the file that an order loaded before does not have.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from odoo import SUPERUSER_ID
from odoo.tools import SQL

from .checks import Purchase
from .companies import Books
from .currencies import Rates
from .labels import ORIGIN
from .prices import round_to_step, storable_quantity, unit_price

PRODUCT_NAME = "Purchase"
PRODUCT_CODE = "purchase"

_CREATE = """
    CREATE TEMPORARY TABLE load_line (
        line bigint, customer text, key text, reference text, moment timestamp, product text,
        quantity numeric, amount numeric, price numeric
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE load_person (
        customer text, spelling text, name text, email text
    ) ON COMMIT DROP;
    CREATE TEMPORARY TABLE load_product_name (product text, name text) ON COMMIT DROP;
    SET LOCAL work_mem = '128MB'
"""

# The second of two equal rows becomes key#2, and so on.
_NUMBER_EQUAL_ROWS = """
    UPDATE load_line
       SET key = key || '#' || equal.number, reference = reference || '#' || equal.number
      FROM (
        SELECT ctid, row_number() OVER (PARTITION BY key ORDER BY line) AS number
          FROM load_line
      ) equal
     WHERE equal.ctid = load_line.ctid AND equal.number > 1
"""

# A row that says the sum of all others is what programs write below a table.
_FIND_SUMS = """
    SELECT line
      FROM load_line
      JOIN (SELECT sum(amount) AS amount, count(*) AS rows FROM load_line) total
        ON abs(2 * load_line.amount - total.amount) <= %(step)s
     WHERE total.rows > 3 AND load_line.amount != 0
"""

# An address that several contacts have, or several customers of the file, tells nobody apart.
_MATCH_CUSTOMERS = """
    CREATE TEMPORARY TABLE load_customer ON COMMIT DROP AS
    WITH partner AS (
        SELECT id, active, lower(ref) AS ref, email_normalized
          FROM res_partner
         WHERE company_id IS NULL OR company_id = %(company)s
    ), by_reference AS (
        SELECT DISTINCT ON (ref) ref, id
          FROM partner
         WHERE ref IS NOT NULL
         ORDER BY ref, active DESC, id
    ), by_email AS (
        SELECT email_normalized AS email, min(id) AS id
          FROM partner
         WHERE active AND email_normalized != ''
         GROUP BY email_normalized
        HAVING count(*) = 1
    ), numbered AS (
        SELECT email, min(customer) AS customer
          FROM load_person
         WHERE email != '' AND customer != email
         GROUP BY email
        HAVING count(*) = 1
    ), shared AS (
        SELECT email FROM load_person
         WHERE email != '' AND customer != email
         GROUP BY email
        HAVING count(*) > 1
    ), found AS (
        SELECT person.customer, person.spelling, %(apart)s || person.spelling AS ref,
               person.name, person.email,
               by_reference.id AS by_reference,
               CASE WHEN person.customer = person.email OR shared.email IS NULL
                    THEN by_email.id END AS by_email,
               CASE WHEN person.customer = person.email THEN numbered.customer END AS same_as
          FROM load_person person
          LEFT JOIN by_reference ON by_reference.ref = lower(%(apart)s || person.spelling)
          LEFT JOIN by_email ON by_email.email = person.email
          LEFT JOIN shared ON shared.email = person.email
          LEFT JOIN numbered ON numbered.email = person.email
    )
    SELECT found.customer, found.spelling, found.ref, found.name, found.email,
           coalesce(found.by_reference, found.by_email, main.by_reference, main.by_email) AS id,
           coalesce(found.by_reference, found.by_email, main.by_reference, main.by_email)
               IS NULL AND found.same_as IS NULL AS is_new,
           found.by_reference IS NULL AND found.by_email IS NOT NULL AS is_by_email,
           found.same_as, NULL::text AS kind
      FROM found
      LEFT JOIN found main ON main.customer = found.same_as
"""

_MATCH_ORDERS = """
    CREATE TEMPORARY TABLE load_order ON COMMIT DROP AS
    WITH known AS (
        SELECT sold.client_order_ref AS reference, buyer.commercial_partner_id AS buyer_id,
               min(sold.id) AS id
          FROM sale_order sold
          JOIN res_partner buyer ON buyer.id = sold.partner_id
         WHERE sold.company_id = %(company)s AND starts_with(sold.origin, %(origin)s)
         GROUP BY sold.client_order_ref, buyer.commercial_partner_id
    )
    SELECT staged.*, known.id AS known_id
      FROM (
        SELECT key, min(customer) AS customer, min(reference) AS reference,
               min(moment) AS moment, min(line) AS line, count(*) AS lines, sum(amount) AS amount
          FROM load_line
         GROUP BY key
      ) staged
      JOIN load_customer ON load_customer.customer = staged.customer
      LEFT JOIN res_partner buyer ON buyer.id = load_customer.id
      LEFT JOIN known
             ON known.reference = staged.reference
            AND known.buyer_id = buyer.commercial_partner_id
"""

# Purchases without a number are known by what their rows say; read in another way they are
# others, but still of the same customers on the same days.
_COUNT_SAME_DAYS = """
    SELECT count(*)
      FROM load_order
      JOIN load_customer USING (customer)
      JOIN res_partner buyer ON buyer.id = load_customer.id
     WHERE load_order.known_id IS NULL
       AND EXISTS (
        SELECT FROM sale_order sold
          JOIN res_partner owner ON owner.id = sold.partner_id
         WHERE sold.company_id = %(company)s
           AND starts_with(sold.origin, %(origin)s)
           AND owner.commercial_partner_id = buyer.commercial_partner_id
           AND starts_with(load_order.reference, %(prefix)s)
           AND starts_with(sold.client_order_ref, %(prefix)s)
           AND split_part(substr(sold.client_order_ref, %(position)s), '/', 1)
             = split_part(substr(load_order.reference, %(position)s), '/', 1)
       )
"""

_MATCH_PRODUCTS = """
    CREATE TEMPORARY TABLE load_product ON COMMIT DROP AS
    SELECT staged.product, staged.code, known.id AS id, known.id IS NULL AS is_new,
           NULL::bigint AS template_id, NULL::text AS kind,
           coalesce(named.name, nullif(staged.product, ''), %(purchase)s) AS name
      FROM (
        SELECT DISTINCT product,
               %(apart)s || CASE product WHEN '' THEN %(code)s ELSE product END AS code
          FROM load_line
      ) staged
      LEFT JOIN (
        SELECT product, min(name) AS name FROM load_product_name GROUP BY product
      ) named USING (product)
      LEFT JOIN (
        SELECT DISTINCT ON (variant.default_code) variant.default_code AS code, variant.id
          FROM product_product variant
          JOIN product_template template ON template.id = variant.product_tmpl_id
         WHERE template.type = 'service' AND variant.default_code IS NOT NULL
           AND (template.company_id IS NULL OR template.company_id = %(company)s)
         ORDER BY variant.default_code, variant.active DESC, variant.id
      ) known USING (code)
"""

# Lines have no key of their own. The file's lines are added where all of the order's lines are
# among them; an order that differs in another way is left alone. Whether somebody changed it shows
# in who wrote last: the load and what Odoo does by itself are the superuser's.
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
               AS is_left,
           known.state != 'sale' OR coalesce(known.locked, FALSE)
           OR known.write_uid != %(superuser)s OR EXISTS (
               SELECT FROM sale_order_line line
                WHERE line.order_id = known.id AND line.write_uid != %(superuser)s
           ) AS is_touched
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
    SELECT count(DISTINCT known_id) FILTER (WHERE NOT is_left),
           count(DISTINCT known_id) FILTER (WHERE is_left AND is_touched),
           count(DISTINCT known_id) FILTER (WHERE is_left AND NOT is_touched),
           count(*) FILTER (WHERE NOT is_left),
           coalesce(sum(load_line.amount) FILTER (WHERE NOT is_left), 0)::text
      FROM load_addition
      JOIN load_line USING (line)
"""


_COUNT_CUSTOMERS = """
    SELECT count(*) FILTER (WHERE is_new),
           count(*) FILTER (WHERE id IS NOT NULL AND NOT is_by_email),
           count(*) FILTER (WHERE is_by_email)
      FROM load_customer
"""


@dataclass
class Comparison:
    """What a file has that the database has not: numbers of records, and money.

    ``customers`` are new; ``by_reference`` and ``by_email`` were found among the contacts.
    ``lines`` and ``amount`` are those to add, ``file_amount`` is the whole file's.
    ``extended`` orders were loaded before and get more lines; ``changed`` ones differ from the
    file because someone changed them in Odoo, ``different`` ones because the file or the way of
    reading it is another; both stay as they are. ``same_days`` are new orders of customers on
    days that have loaded orders. ``first_day`` and ``last_day`` are local dates of the file's
    purchases, after moving them by ``shift_days``.
    """

    customers: int
    by_reference: int
    by_email: int
    products: int
    orders: int
    lines: int
    amount: Decimal
    file_amount: Decimal
    orders_before: int
    extended: int
    changed: int
    different: int
    same_days: int
    first_day: date | None
    last_day: date | None
    shift_days: int


def purchase_reference(apart: str, purchase: Purchase, by_order: bool) -> str:
    """Return what a purchase's order is recognised by among its customer's.

    That is the order's own number with ``by_order``; else everything the row says, and equal
    rows are numbered later. Neither the shift of the dates nor the company's zone changes it.
    """
    if by_order:
        return f"{apart}/{purchase.order}" if apart else purchase.order
    numbers = (purchase.quantity, purchase.amount)
    quantity, amount = (format(number.normalize(), "f") for number in numbers)
    parts = [apart, purchase.written, f"{quantity}x{amount}", purchase.product]
    return "/".join([_escaped(part) for part in parts if part])


class Staging:
    """The temporary tables of one load.

    :param books: the company and how it counts
    :param rates: turns money into the company's
    :param apart: what keeps a source's numbers apart from others; "" for none
    :param by_order: whether purchases have an order number
    """

    def __init__(self, books: Books, rates: Rates, apart: str, by_order: bool):
        self.books = books
        self.rates = rates
        self.apart = apart
        self.by_order = by_order
        self.rounded = 0
        self.rounding_difference = Decimal(0)
        self._people: dict[str, list[str]] = {}
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
            exact = self.rates.own_money(purchase.amount, purchase.currency, purchase.moment.date())
            amount = round_to_step(exact, books.step)
            if amount != exact:
                self.rounded += 1
                self.rounding_difference += amount - exact
            size = storable_quantity(abs(purchase.quantity), books.quantity_decimals)
            price = unit_price(abs(amount), size, books.step)
            quantity = -size if purchase.quantity < 0 else size
            reference = purchase_reference(self.apart, purchase, self.by_order)
            rows.append(
                (
                    str(number),
                    purchase.customer,
                    f"{_escaped(purchase.customer)}/{reference}",
                    reference,
                    purchase.moment.isoformat(),
                    purchase.product,
                    f"{quantity:f}",
                    f"{amount:f}",
                    f"{price:f}",
                )
            )
            self._meet(purchase)
        self._copy("COPY load_line FROM STDIN", rows)

    def _meet(self, purchase: Purchase) -> None:
        """Keep the first that a customer's rows say about the customer."""
        person = self._people.get(purchase.customer)
        if person is None:
            self._people[purchase.customer] = [purchase.spelling, purchase.name, purchase.email]
            return
        person[1] = person[1] or purchase.name
        person[2] = person[2] or purchase.email

    def add_product_names(self, names: Iterable[tuple[str, str]]) -> None:
        """Stage names of products by the products' codes."""
        self._copy("COPY load_product_name FROM STDIN", names)

    def sums(self) -> list[int]:
        """Return the numbers of rows whose amount is the sum of all others."""
        self._cursor.execute(_FIND_SUMS, {"step": self.books.step})
        return [line for (line,) in self._cursor.fetchall()]

    def remove(self, lines: list[int]) -> None:
        """Take rows out again."""
        self._cursor.execute("DELETE FROM load_line WHERE line = ANY(%s)", [lines])

    def compare(self, shift: bool) -> Comparison:
        """Find out what is new.

        :param shift: whether the last purchase is to be today
        """
        if not self.by_order:
            self._cursor.execute(_NUMBER_EQUAL_ROWS)
        self._copy(
            "COPY load_person FROM STDIN", [(key, *who) for key, who in self._people.items()]
        )
        self._cursor.execute("ANALYZE load_line; ANALYZE load_product_name; ANALYZE load_person")
        prefix = _escaped(self.apart) + "/" if self.apart else ""
        values = {
            "company": self.books.company.id,
            "apart": f"{self.apart}-" if self.apart else "",
            "origin": ORIGIN,
            "purchase": PRODUCT_NAME,
            "code": PRODUCT_CODE,
            "prefix": prefix,
            "position": len(prefix) + 1,
            "superuser": SUPERUSER_ID,
        }
        self._cursor.execute(_MATCH_CUSTOMERS, values)
        self._cursor.execute("ANALYZE load_customer")
        for query in (_MATCH_ORDERS, _MATCH_PRODUCTS):
            self._cursor.execute(query, values)
        self._cursor.execute("ANALYZE load_order; ANALYZE load_product")
        extended = changed = different = more_lines = same_days = 0
        more_amount = "0"
        if self.by_order:
            self._cursor.execute(_FIND_ADDITIONS, values)
            [(extended, changed, different, more_lines, more_amount)] = self._fetch(
                _COUNT_ADDITIONS
            )
        else:
            [(same_days,)] = self._fetch(_COUNT_SAME_DAYS, values)
        [(orders, before, lines, amount, file_amount, first, last)] = self._fetch(_COUNT_ORDERS)
        [(customers, by_reference, by_email)] = self._fetch(_COUNT_CUSTOMERS)
        [(products,)] = self._fetch("SELECT count(*) FROM load_product WHERE is_new")
        days = 0
        if last is not None:
            if shift:
                days = (self.today() - last).days
            first, last = first + timedelta(days), last + timedelta(days)
        return Comparison(
            customers=customers,
            by_reference=by_reference,
            by_email=by_email,
            products=products,
            orders=orders,
            lines=lines + more_lines,
            amount=Decimal(amount) + Decimal(more_amount),
            file_amount=Decimal(file_amount),
            orders_before=before,
            extended=extended,
            changed=changed,
            different=different,
            same_days=same_days,
            first_day=first,
            last_day=last,
            shift_days=days,
        )

    def today(self) -> date:
        """Return the company's day."""
        return datetime.now(self.books.timezone).date()

    def _copy(self, command: str, rows: Iterable[tuple[str, ...]]) -> None:
        text = "".join(["\t".join(row) + "\n" for row in rows])
        # Control characters were refused with their rows; only the escape itself is left.
        self._cursor.copy_expert(command, io.StringIO(text.replace("\\", "\\\\")))

    def _fetch(self, query: str | SQL, values: dict | None = None) -> list[tuple]:
        self._cursor.execute(query, values)
        return self._cursor.fetchall()


def _escaped(part: str) -> str:
    """Return ``part`` without the characters that divide a key."""
    return part.replace("%", "%25").replace("/", "%2F").replace("#", "%23")
