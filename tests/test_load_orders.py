"""``bin/load-orders`` on small files, from the command line to what Odoo makes of the records."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import psycopg2
import pyarrow
import pytest
from pyarrow import parquet

SHOP = """\
Client,Day,Pieces,Total,Receipt,Item,Remark
ann,2024-01-05,2,29.33,1001,pen,
ann,2024-01-05,1,5.00,1001,ink,same order
bob,2024-01-06 23:30,3,100.00,1002,pen,
bob,2024-02-01,0.25,7.00,1003,,no product
cy,2024-02-29,0,0.00,1004,pen,nothing bought
cy,2024-02-29,0,4.00,1004,pen,paid for nothing
"""

# Each with the reason that must be given for it.
BAD_ROWS = {
    ",2024-01-05,1,5,2001,pen,": "no customer",
    "dan,,1,5,2002,pen,": "no date",
    "dan,2024-02-30,1,5,2003,pen,": "not a date",
    "dan,0000-01-01,1,5,2004,pen,": "not a date",
    "dan,0999-01-01,1,5,2005,pen,": "date outside the years 1900 to 2199",
    "dan,2024-01-05,one,5,2006,pen,": "quantity is not a number",
    "dan,2024-01-05,-1,5,2007,pen,": "negative quantity",
    "dan,2024-01-05,1,NaN,2008,pen,": "amount is not a number",
    "dan,2024-01-05,1,inf,2009,pen,": "amount is not a number",
    "dan,2024-01-05,1,-5,2010,pen,": "negative amount",
    "dan,2024-01-05,1": "too few columns",
    "dan,2024-01-05,1,5,2011,pen,,surplus": "too many columns",
    'dan,2024-01-05,1,5,2012,pen,"open': "a quote that is never closed",
    "d\udcff,2024-01-05,1,5,2013,pen,": "customer has bytes that are not UTF-8",
}

COLUMNS = ["--customer", "Client", "--date", "Day", "--quantity", "Pieces", "--amount", "Total"]
BY_ORDER = [*COLUMNS, "--order", "Receipt", "--product", "Item"]

# Recomputes every loaded order through the ORM and tells what changed.
INSPECT = """
    from odoo import Command
    orders = env["sale.order"].search([("client_order_ref", "!=", False)])
    lines = orders.order_line
    stored = {line: line.read(LINE_FIELDS)[0] for line in lines}
    stored |= {order: order.read(ORDER_FIELDS)[0] for order in orders}
    for rounding in ("round_per_line", "round_globally"):
        env["res.company"].search([]).tax_calculation_rounding_method = rounding
        for records, names in ((lines, LINE_FIELDS), (orders, ORDER_FIELDS)):
            for name in names:
                env.add_to_compute(records._fields[name], records)
        env.flush_all()
        for record, values in stored.items():
            names = LINE_FIELDS if record._name == "sale.order.line" else ORDER_FIELDS
            assert record.read(names)[0] == values, (rounding, record, values)

    loaded = env["res.partner"].search([("ref", "=", "shop-ann")])
    typed = env["res.partner"].create({"name": "Shop ann", "customer_rank": 1})
    for name, field in typed._fields.items():
        own = name in ("id", "ref", "create_date", "write_date") or field.type == "one2many"
        if field.store and field.column_type and not own:
            found, expected = loaded[name], typed[name]
            if field.type == "many2one" and expected == typed:
                expected = loaded
            if field.type == "datetime" and found and expected:
                # "Now" was a moment ago for the one that was loaded.
                found, expected = abs((found - expected).total_seconds()) < 600, True
            assert found == expected, (name, loaded[name], typed[name])

    line = lines.filtered(lambda line: line.price_subtotal == 29.33)
    line.product_uom_qty = 4
    assert (line.price_unit, line.price_subtotal) == (14.665, 58.66)
    order = env["sale.order"].create({"partner_id": loaded.id})
    result = {
        "next name": order.name,
        "names": orders.mapped("name"),
        "pickings": len(orders.picking_ids) if "picking_ids" in orders else 0,
    }
"""


class Shop:
    """A database to load into, and ways to look at it."""

    def __init__(self, checkout: Path, database: str, folder: Path):
        self.checkout = checkout
        self.database = database
        self.folder = folder

    def file(self, content: str, name: str = "shop.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode(errors="surrogateescape"))
        return path

    def load(self, *arguments: object, code: int = 0) -> subprocess.CompletedProcess:
        done = self._python("-m", "order_import", *map(str, arguments), "-d", self.database)
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stderr
        return done

    def odoo(self, script: str) -> dict:
        """Run Python with ``env``; return what it leaves in ``result``. Nothing is kept."""
        done = self._python(
            "-c",
            "import json\n"
            "from order_import.database import open_environment\n"
            f"with open_environment({self.database!r}, print) as env:\n"
            "    LINE_FIELDS = 'price_subtotal price_total price_tax price_reduce_taxexcl "
            "price_reduce_taxinc qty_to_invoice untaxed_amount_to_invoice invoice_status "
            "name'.split()\n"
            "    ORDER_FIELDS = 'amount_untaxed amount_tax amount_total invoice_status "
            "currency_id currency_rate'.split()\n"
            "    result = {}\n" + textwrap.indent(textwrap.dedent(script), "    ") + "\n"
            "    print(json.dumps(result))\n",
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def query(self, query: str, *values: object) -> list[tuple]:
        with closing(psycopg2.connect(dbname=self.database)) as connection, connection:
            cursor = connection.cursor()
            cursor.execute(query, values)
            return cursor.fetchall() if cursor.description else []

    def total(self, label: str) -> Decimal:
        [(total,)] = self.query(
            "SELECT sum(amount_untaxed) FROM sale_order"
            " WHERE state = 'sale' AND starts_with(client_order_ref, %s)",
            label + "/",
        )
        return total

    def _python(self, *arguments: str) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, *arguments],
            env={**os.environ, "PYTHONPATH": str(self.checkout)},
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture
def shop(checkout: Path, clone_database: Callable[..., str], tmp_path: Path) -> Shop:
    return Shop(checkout, clone_database("orders"), tmp_path)


def test_good_rows_are_loaded_once_and_bad_ones_are_told(shop: Shop):
    bad = "".join(line + "\n" for line in BAD_ROWS)
    path, rejected = shop.file(SHOP + bad), shop.folder / "refused.csv"
    done = shop.load(path, *BY_ORDER, "--rejected", rejected, code=2)

    first = len(SHOP.splitlines()) + 1
    for number, reason in enumerate(BAD_ROWS.values(), first):
        assert f"line {number}: {reason}" in done.stderr
    with rejected.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [int(row[0]) for row in rows] == list(range(first, first + len(BAD_ROWS)))
    assert "20 rows read, 5 good (145.33 USD), 14 refused" in done.stdout
    assert "3 customers, 4 orders added, 0 were there already" in done.stdout
    assert shop.total("shop") == Decimal("145.33")
    assert shop.query(
        "SELECT client_order_ref, date_order, amount_total, state FROM sale_order"
        " WHERE client_order_ref IS NOT NULL ORDER BY id"
    ) == [
        ("shop/ann/1001", datetime(2024, 1, 5, 12), Decimal("34.33"), "sale"),
        ("shop/bob/1002", datetime(2024, 1, 6, 23, 30), Decimal("100.00"), "sale"),
        ("shop/bob/1003", datetime(2024, 2, 1, 12), Decimal("7.00"), "sale"),
        ("shop/cy/1004", datetime(2024, 2, 29, 12), Decimal("4.00"), "sale"),
    ]

    seen = shop.odoo(INSPECT)
    assert len(set(seen["names"])) == 4
    assert seen["next name"] not in seen["names"]
    assert seen["pickings"] == 0

    again = shop.load(path, *BY_ORDER, "--shift", code=2)
    assert "0 customers, 0 orders added, 4 were there already" in again.stdout

    # Someone changed bob's order; ann's has one more line in the file, and there is a new order.
    shop.query("UPDATE sale_order_line SET price_subtotal = 90 WHERE price_subtotal = 100")
    more = "ann,2024-01-05,1,1.00,1001,pen,\nbob,2024-01-06,1,1,1002,pen,\neve,2024-03-01,1,2,1,,\n"
    grown = shop.load(shop.file(SHOP + more), *BY_ORDER)
    assert "1 customers, 1 orders added, 4 were there already" in grown.stdout
    assert "2 order lines added, 3.00 USD" in grown.stdout
    assert "1 orders differ from the file" in grown.stdout
    assert shop.total("shop") == Decimal("148.33")


def test_text_is_moved_to_today_and_equal_rows_are_all_kept(shop: Shop):
    row = " 00001 19970101  3   10.00\n"
    path = shop.file(row + row + " 00002 19970110  1   14.96\n", "till.txt")
    columns = ["--no-header", "--customer", "1", "--date", "2", "--quantity", "3", "--amount", "4"]

    tried = shop.load(path, *columns, "--shift", "--dry-run")
    assert "2 customers, 3 orders would be added" in tried.stdout
    assert shop.total("till") is None

    shop.load(path, *columns, "--shift")
    days = [
        moment.date()
        for (moment,) in shop.query(
            "SELECT date_order FROM sale_order WHERE starts_with(client_order_ref, 'till/')"
            " ORDER BY date_order"
        )
    ]
    assert abs(days[-1] - datetime.now(UTC).date()).days <= 1
    assert [(days[-1] - day).days for day in days] == [9, 9, 0]
    assert shop.total("till") == Decimal("34.96")
    assert shop.query("SELECT name FROM res_partner WHERE ref = 'till-00001'") == [("Till 00001",)]

    path.write_text(path.read_text() + row + " 00003 19970111  1   1.00\n")
    grown = shop.load(path, *columns)
    assert "1 customers, 2 orders added, 3 were there already" in grown.stdout
    assert shop.total("till") == Decimal("45.96")


def test_parquet_into_a_company_with_another_currency_and_a_contact(shop: Shop):
    shop.odoo(
        """
        yen = env.ref("base.JPY")
        yen.active = True
        company = env["res.company"].create({"name": "Kyoto", "currency_id": yen.id})
        company.resource_calendar_id.tz = "Asia/Tokyo"
        parent = env["res.partner"].create({"name": "Head office", "is_company": True})
        env["res.partner"].create({"name": "Buyer", "parent_id": parent.id, "ref": "tea-7"})
        env.cr.commit()
        """
    )
    path = shop.folder / "tea.parquet"
    columns = {
        "who": [7, 8, 8, None],
        "day": [date(2024, 1, 5), date(2024, 1, 6), None, date(2024, 1, 7)],
        "pieces": [3.0, 1.0, 1.0, 1.0],
        "paid": [1000.0, 19.5, 5.0, 5.0],
    }
    parquet.write_table(pyarrow.table(columns), path)
    done = shop.load(
        path,
        *[
            "--company",
            "Kyoto",
            "--customer",
            "who",
            "--date",
            "day",
            "--quantity",
            "pieces",
            "--amount",
            "paid",
        ],
        code=2,
    )
    assert "row 3: no date" in done.stderr
    assert "row 4: no customer" in done.stderr
    assert "1 amounts were rounded to JPY 1" in done.stdout
    assert "1 customers, 2 orders added" in done.stdout
    assert shop.query(
        """
        SELECT buyer.name, commercial.name, currency.name, sold.amount_total, sold.currency_rate,
               sold.date_order
          FROM sale_order sold
          JOIN res_partner buyer ON buyer.id = sold.partner_id
          JOIN res_partner commercial ON commercial.id = buyer.commercial_partner_id
          JOIN res_currency currency ON currency.id = sold.currency_id
         WHERE starts_with(client_order_ref, 'tea/')
         ORDER BY sold.date_order
        """
    ) == [
        ("Buyer", "Head office", "JPY", Decimal(1000), Decimal(1), datetime(2024, 1, 5, 3)),
        ("Tea 8", "Tea 8", "JPY", Decimal(20), Decimal(1), datetime(2024, 1, 6, 3)),
    ]


def test_what_cannot_be_loaded_at_all_is_one_clear_message(shop: Shop):
    path = shop.file(SHOP)
    unknown = shop.load(path, *COLUMNS, "--order", "Bill", code=1)
    assert "no column 'Bill'" in unknown.stderr
    assert "Client, Day, Pieces" in unknown.stderr
    assert "does not exist" in shop.load("elsewhere.csv", *COLUMNS, code=1).stderr
    assert "--amount" in shop.load(path, "--customer", "Client", "--date", "Day", code=1).stderr
    assert "no company 'Nobody'" in shop.load(path, *COLUMNS, "--company", "Nobody", code=1).stderr
    assert shop.total("shop") is None

    shop.database = "postgres"
    assert "not an Odoo database" in shop.load(path, *COLUMNS, code=1).stderr
    shop.database = "there_is_none"
    assert "does not exist" in shop.load(path, *COLUMNS, code=1).stderr


def test_program_explains_itself(run_program):
    done = run_program("bin/load-orders", "--help")
    assert done.returncode == 0
    assert "--shift" in done.stdout
