"""``bin/load-orders`` on small files, from the command line to what Odoo makes of the records."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow
import pytest
from order_loads import Loader, Shop
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
    "NULL,2024-01-05,1,5,2002,pen,": "no customer",
    "dan,,1,5,2014,pen,": "no date",
    "dan,2024-02-30,1,5,2003,pen,": "not a date",
    "dan,0999-01-01,1,5,2005,pen,": "date outside the years 1900 to 2199",
    "dan,2024-01-05,one,5,2006,pen,": "quantity is not a number",
    "dan,2024-01-05,-1,5,2007,pen,": "pieces were returned, but the amount is above 0",
    "dan,2024-01-05,1,inf,2009,pen,": "amount is not a number",
    "dan,2024-01-05,1": "too few columns",
    "dan,2024-01-05,1,5,2011,pen,,surplus": "too many columns",
    "Grand total,2024-01-05,7,145.33,,,": "a sum of other rows, no purchase",
}

COLUMNS = ["--customer", "Client", "--date", "Day", "--quantity", "Pieces", "--amount", "Total"]
BY_ORDER = [*COLUMNS, "--order", "Receipt", "--product", "Item"]

# Recomputes every loaded order through the ORM and tells what changed.
INSPECT = """
    LINE_FIELDS = (
        "price_subtotal price_total price_tax price_reduce_taxexcl price_reduce_taxinc "
        "qty_to_invoice untaxed_amount_to_invoice invoice_status name"
    ).split()
    ORDER_FIELDS = (
        "amount_untaxed amount_tax amount_total invoice_status currency_id currency_rate"
    ).split()
    orders = env["sale.order"].search([("origin", "=like", "load-orders: %")])
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

    loaded = env["res.partner"].search([("ref", "=", "ann")])
    typed = env["res.partner"].create({"name": "Customer ann", "customer_rank": 1})
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
    env.cr.rollback()
"""


@pytest.fixture(scope="module")
def loader(checkout: Path) -> Iterator[Loader]:
    loader = Loader(checkout)
    yield loader
    loader.end()


@pytest.fixture
def own_shop(loader: Loader, clone_database: Callable[..., str], tmp_path: Path) -> Shop:
    """A database that a test may change in any way."""
    return Shop(loader, clone_database("orders"), tmp_path)


@pytest.fixture(scope="module")
def shared_shop(loader: Loader, clone_shared_database: Callable[..., str]) -> Shop:
    return Shop(loader, clone_shared_database("orders"), Path())


@pytest.fixture
def shop(shared_shop: Shop, tmp_path: Path) -> Iterator[Shop]:
    """A database from which orders, contacts and products are removed after the test."""
    [(contact, template)] = shared_shop.query(
        "SELECT (SELECT max(id) FROM res_partner), (SELECT max(id) FROM product_template)"
    )
    yield Shop(shared_shop.loader, shared_shop.database, tmp_path)
    shared_shop.query(
        """
        DELETE FROM sale_order_line;
        DELETE FROM sale_order;
        DELETE FROM product_product WHERE product_tmpl_id > %(template)s;
        DELETE FROM product_template WHERE id > %(template)s;
        DELETE FROM res_partner WHERE id > %(contact)s;
        DELETE FROM ir_model_data WHERE module = '__load_orders__';
        DELETE FROM ir_config_parameter WHERE starts_with(key, 'order_import.')
        """,
        {"contact": contact, "template": template},
    )


def test_nothing_is_loaded_unless_all_rows_are_good_or_bad_ones_skipped(shop: Shop):
    bad = "".join(line + "\n" for line in BAD_ROWS)
    path, before = shop.file(SHOP + bad), shop.counts()
    tried = shop.load(path, *BY_ORDER, code=1)
    first = len(SHOP.splitlines()) + 1
    for number, reason in enumerate(BAD_ROWS.values(), first):
        assert f"row {number}: {reason}" in tried.stderr
    assert "11 rows cannot be loaded" in tried.stderr
    assert shop.counts() == before

    done = shop.load(path, *BY_ORDER, "--skip-bad", code=2)
    with (shop.folder / "shop-rejected.csv").open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    assert [int(row[0]) for row in rows] == list(range(first, first + len(BAD_ROWS)))
    assert "17 rows read, 5 good (145.33 USD), 11 refused" in done.stdout
    assert "3 customers, 4 orders added, 0 were there already" in done.stdout
    assert shop.total("shop") == Decimal("145.33")
    assert shop.query(
        "SELECT partner.ref, client_order_ref, date_order, amount_total, state FROM sale_order"
        " JOIN res_partner partner ON partner.id = partner_id"
        " WHERE origin = 'load-orders: shop' ORDER BY sale_order.id"
    ) == [
        ("ann", "1001", datetime(2024, 1, 5, 12), Decimal("34.33"), "sale"),
        ("bob", "1002", datetime(2024, 1, 6, 23, 30), Decimal("100.00"), "sale"),
        ("bob", "1003", datetime(2024, 2, 1, 12), Decimal("7.00"), "sale"),
        ("cy", "1004", datetime(2024, 2, 29, 12), Decimal("4.00"), "sale"),
    ]

    seen = shop.odoo(INSPECT)
    assert len(set(seen["names"])) == 4
    assert seen["next name"] not in seen["names"]
    assert seen["pickings"] == 0

    again = shop.load(path, *BY_ORDER, "--skip-bad", "--shift", code=2)
    assert "0 customers, 0 orders added, 4 were there already" in again.stdout

    # Someone changed bob's order; ann's has one more line in the file, and there is a new order.
    shop.odoo(
        """
        order = env["sale.order"].search([("client_order_ref", "=", "1002")])
        order = order.with_user(env.ref("base.user_admin"))
        order.order_line.price_unit = 30
        order.env.flush_all()
        """
    )
    more = "ann,2024-01-05,1,1.00,1001,pen,\nbob,2024-01-06,1,1,1002,pen,\neve,2024-03-01,1,2,1,,\n"
    grown = shop.load(shop.file(SHOP + more), *BY_ORDER)
    assert "1 customers, 1 orders added, 4 were there already" in grown.stdout
    assert "2 order lines added, 3.00 USD" in grown.stdout
    assert "1 orders differ from the file because they were changed in Odoo" in grown.stdout
    assert shop.total("shop") == Decimal("138.33")


def test_a_file_with_nothing_to_load_is_no_success(shop: Shop):
    lines = SHOP.splitlines()
    assert "nothing to load" in shop.load(shop.file(lines[0] + "\n"), *BY_ORDER, code=1).stderr
    only_bad = shop.file(lines[0] + "\n,2024-01-05,1,5,1,pen,\n")
    shop.load(only_bad, *BY_ORDER, "--skip-bad", code=1)
    shop.load(shop.file("\r".join(lines), "old.csv"), *BY_ORDER)
    assert shop.total("old") == Decimal("145.33")


def test_text_is_moved_to_today_and_equal_rows_are_all_kept(shop: Shop):
    row = " 00001 19970101  3   10.00\n"
    path = shop.file(row + row + " 00002 19970110  1   14.96\n", "till.txt")
    columns = ["--no-header", "--customer", "1", "--date", "2", "--quantity", "3", "--amount", "4"]

    tried = shop.load(path, *columns, "--shift", "--dry-run")
    assert "2 customers, 3 orders would be added" in tried.stdout
    assert shop.total("till") is None
    assert "--shift" in shop.load(path, *columns, "--dry-run").stderr

    shop.load(path, *columns, "--shift")
    days = [
        moment.date()
        for (moment,) in shop.query(
            "SELECT date_order FROM sale_order WHERE origin = 'load-orders: till'"
            " ORDER BY date_order"
        )
    ]
    assert abs(days[-1] - datetime.now(UTC).date()).days <= 1
    assert [(days[-1] - day).days for day in days] == [9, 9, 0]
    assert shop.total("till") == Decimal("34.96")
    assert shop.query("SELECT name FROM res_partner WHERE ref = '00001'") == [("Customer 00001",)]

    path.write_text(path.read_text() + row + " 00003 19970111  1   1.00\n")
    grown = shop.load(path, *columns)
    assert "1 customers, 2 orders added, 3 were there already" in grown.stdout
    assert shop.total("till") == Decimal("45.96")


def test_the_same_purchases_are_the_same_in_another_file(shop: Shop):
    shop.load(
        shop.file("id,mail,day,paid\n17850,a@example.com,2024-01-31,5\n17851,,2024-02-01,6\n"),
        *["--customer", "id", "--email", "mail", "--date", "day", "--amount", "paid"],
    )
    before = shop.counts()
    other = shop.file("Who;When;Sum\n17850.0;31.01.2024;5,00\n17851.0;01.02.2024;6,00\n", "b.csv")
    done = shop.load(other, "--customer", "Who", "--date", "When", "--amount", "Sum")
    assert "0 customers, 0 orders added, 2 were there already" in done.stdout
    mails = shop.file("mail,day,paid\nA@Example.com,2024-01-31,5.00\n", "c.csv")
    done = shop.load(mails, "--customer", "mail", "--date", "day", "--amount", "paid")
    assert "0 customers, 0 orders added, 1 were there already" in done.stdout
    assert shop.counts() == before
    # Another source's numbers are others, if it is said.
    done = shop.load(other, "--customer", "Who", "--date", "When", "--amount", "Sum",
                     "--apart", "web", "--label", "web", "--yes")  # fmt: skip
    assert "2 customers, 2 orders added" in done.stdout


def test_contacts_are_found_by_reference_or_email_and_guests_by_email(shop: Shop):
    shop.odoo(
        """
        env["res.partner"].create([
            {"name": "Known by number", "ref": "K-1"},
            {"name": "Known by mail", "ref": "other", "email": "Mail <known@example.com>"},
            {"name": "Twin", "email": "twin@example.com"},
            {"name": "Twin", "email": "twin@example.com"},
        ])
        """
    )
    done = shop.load(
        shop.file(
            "id,name,mail,day,paid\n"
            "k-1,,,2024-01-01,1\n"
            "2,,known@example.com,2024-01-01,2\n"
            "3,New One,new@example.com,2024-01-01,3\n"
            ",,new@example.com,2024-01-02,4\n"
            "N/A,,guest@example.com,2024-01-02,5\n"
            "4,,twin@example.com,2024-01-02,6\n"
            ",,,2024-01-02,7\n"
        ),
        *["--customer", "id", "--name", "name", "--email", "mail", "--date", "day"],
        *["--amount", "paid", "--guest", "Passers-by"],
    )
    assert "4 customers, 7 orders added" in done.stdout
    assert "1 known by reference, 1 by e-mail address" in done.stdout
    assert shop.query(
        "SELECT partner.name, partner.ref, partner.email, sum(amount_total)::int FROM sale_order"
        " JOIN res_partner partner ON partner.id = partner_id"
        " WHERE origin = 'load-orders: shop' GROUP BY partner.id ORDER BY min(sale_order.id)"
    ) == [
        ("Known by number", "K-1", None, 1),
        ("Known by mail", "other", "Mail <known@example.com>", 2),
        ("New One", "3", "new@example.com", 7),
        ("Customer guest@example.com", "guest@example.com", "guest@example.com", 5),
        ("Customer 4", "4", "twin@example.com", 6),
        ("Customer Passers-by", "Passers-by", None, 7),
    ]


def test_a_load_is_taken_back_but_for_what_became_somebodys(own_shop: Shop):
    shop = own_shop
    before = shop.counts()
    path = shop.file(SHOP)
    wrong = ["--customer", "Client", "--date", "Day", "--amount", "Pieces", "--order", "Receipt"]
    shop.load(path, *wrong, "--product", "Item")
    # The right options do not mend a load in silence, nor under another name.
    told = shop.load(path, *BY_ORDER, code=1)
    assert "amount: Pieces → Total" in told.stderr
    assert "--undo 'shop'" in told.stderr
    assert "nobody changed" in told.stderr
    assert "--undo 'shop'" in shop.load(path, *BY_ORDER, "--label", "other", code=1).stderr

    undone = shop.load("--undo", "shop")
    assert "4 orders taken back" in undone.stdout
    assert shop.counts() == before
    shop.load(path, *BY_ORDER)
    assert shop.total("shop") == Decimal("145.33")

    shop.odoo(
        """
        admin = env.ref("base.user_admin")
        orders = env["sale.order"].search([("origin", "=", "load-orders: shop")], order="id")
        orders[0].order_line.qty_delivered = 1
        orders[0]._create_invoices()
        env.flush_all()
        orders[1].with_user(admin).order_line.price_unit = 1
        orders[2].partner_id.with_user(admin).comment = "A good one"
        env(user=admin.id).flush_all()
        """
    )
    undone = shop.load("--undo", "shop", code=2)
    assert "2 orders taken back" in undone.stdout
    assert "1 customers and " in undone.stdout
    assert "1 orders stay: invoiced" in undone.stdout
    assert "1 orders stay: changed in Odoo" in undone.stdout
    assert "no orders of the label 'nothing'" in shop.load("--undo", "nothing", code=1).stderr


def test_purchases_read_in_another_way_are_not_loaded_beside(shop: Shop):
    path = shop.file(SHOP)
    shop.load(path, "--customer", "Client", "--date", "Day", "--amount", "Pieces")
    told = shop.load(shop.file(SHOP + "zoe,2024-03-01,1,1,9,,\n", "again.csv"), *COLUMNS, code=1)
    assert "other loaded orders on the same days" in told.stderr
    assert shop.total("again") is None


def test_orders_are_as_made_by_hand_for_whoever_was_set_up(own_shop: Shop):
    shop = own_shop
    path = shop.file(SHOP)
    shop.load(path, *BY_ORDER)
    expected = shop.odoo(
        """
        terms = env.ref("account.account_payment_term_30days")
        user = env.ref("base.user_admin")
        position = env["account.fiscal.position"].create({"name": "Abroad"})
        ann, bob = (env["res.partner"].search([("ref", "=", ref)]) for ref in ("ann", "bob"))
        ann.write({
            "user_id": user.id,
            "property_payment_term_id": terms.id,
            "property_account_position_id": position.id,
        })
        invoice = env["res.partner"].create(
            {"name": "Books", "type": "invoice", "parent_id": bob.id}
        )
        pen = env["product.product"].search([("default_code", "=", "pen")])
        pen.standard_price = 4
        result = [user.id, terms.id, position.id, invoice.id]
        """
    )
    later = (
        "ann,2024-04-01,1,10.00,2001,pen,\nann,2024-04-02,2,10.00,2002,ink,\n"
        "bob,2024-04-01,2,20.00,2003,pen,\nbob,2024-04-01,1,5.00,2003,ink,\n"
        "new,2024-04-01,1,0.00,2004,pen,free\nnew,2024-04-02,-1,-10.00,2005,pen,back\n"
    )
    shop.load(shop.file(SHOP + later), *BY_ORDER)
    user, terms, position, invoice = expected
    found = shop.query(
        "SELECT client_order_ref, user_id, payment_term_id, fiscal_position_id,"
        " partner_invoice_id = partner_id, margin, margin_percent FROM sale_order"
        " WHERE client_order_ref > '2' ORDER BY client_order_ref"
    )
    assert [row[:5] for row in found] == [
        ("2001", user, terms, position, True),
        ("2002", user, terms, position, True),
        ("2003", None, None, None, False),
        ("2004", None, None, None, True),
        ("2005", None, None, None, True),
    ]
    assert [row[5] for row in found] == [6, 10, 17, -4, -6]
    assert [float(row[6]) for row in found] == [0.6, 1, 0.68, 0, 0.6]
    assert shop.query(
        "SELECT partner_invoice_id FROM sale_order WHERE client_order_ref = '2003'"
    ) == [(invoice,)]
    # Lines: cost and salesperson.
    assert shop.query(
        "SELECT salesman_id, purchase_price::int, line.margin::int FROM sale_order_line line"
        " JOIN sale_order ON sale_order.id = order_id WHERE client_order_ref = '2001'"
    ) == [(user, 4, 6)]


def test_what_another_add_on_stores_is_right_or_the_load_is_refused(own_shop: Shop):
    shop = own_shop
    shop.odoo(
        """
        model = env["ir.model"]._get("sale.order")
        env["ir.model.fields"].create({
            "model_id": model.id, "name": "x_line_count", "ttype": "integer", "store": True,
            "field_description": "Lines", "depends": "order_line",
            "compute": "for order in self:\\n  order['x_line_count'] = len(order.order_line)",
        })
        env["ir.model.fields"].create({
            "model_id": model.id, "name": "x_buyer_id", "ttype": "many2one", "store": True,
            "relation": "res.partner", "field_description": "Buyer", "depends": "partner_id",
            "compute": "for order in self:\\n  "
            "order['x_buyer_id'] = order.partner_id.commercial_partner_id.id",
        })
        parent = env["res.partner"].create({"name": "Head office", "is_company": True})
        env["res.partner"].create({"name": "Bob", "parent_id": parent.id, "ref": "bob"})
        """
    )
    shop.load(shop.file(SHOP), *BY_ORDER)
    assert shop.query(
        "SELECT x_line_count, buyer.name FROM sale_order"
        " JOIN res_partner buyer ON buyer.id = x_buyer_id ORDER BY client_order_ref"
    ) == [(2, "Customer ann"), (1, "Head office"), (1, "Head office"), (1, "Customer cy")]

    # What differs from order to order, and may be typed too, cannot be told to be right.
    shop.odoo(
        """
        env["ir.model.fields"].create({
            "model_id": env["ir.model"]._get("sale.order").id, "name": "x_number",
            "ttype": "integer", "store": True, "readonly": False,
            "field_description": "Number", "depends": "order_line",
            "compute": "for order in self:\\n  order['x_number'] = order.id * 2",
        })
        """
    )
    before = shop.counts()
    more = "ann,2024-05-01,1,1,3001,pen,\nann,2024-05-01,1,2,3001,ink,\n"
    refused = shop.load(shop.file(SHOP + more), *BY_ORDER, code=1)
    assert "sale_order.x_number" in refused.stderr
    assert shop.counts() == before


def test_money_of_other_currencies_is_converted_or_refused(own_shop: Shop):
    shop = own_shop
    shop.odoo(
        """
        euro = env.ref("base.EUR")
        euro.active = True
        euro.rate_ids.unlink()
        company = env.company.id
        env["res.currency.rate"].create([
            {"currency_id": euro.id, "name": "2024-01-01", "rate": 0.5, "company_id": company},
            {"currency_id": euro.id, "name": "2024-02-01", "rate": 0.8, "company_id": company},
        ])
        """
    )
    rows = "ann,2024-01-05,10,EUR\nann,2024-02-05,10,EUR\nbob,2024-02-05,10,USD\n"
    path = shop.file("Who,Day,Sum,Currency\n" + rows)
    columns = ["--customer", "Who", "--date", "Day", "--amount", "Sum"]
    assert "--currency 'Currency'" in shop.load(path, *columns, code=1).stderr
    refused = shop.load(path, *columns, "--currency", "Currency", code=1)
    assert "2 rows are in EUR" in refused.stderr
    assert shop.total("shop") is None
    shop.load(path, *columns, "--currency", "Currency", "--convert")
    assert shop.total("shop") == Decimal("42.50")
    signs = shop.file("Who,Day,Sum\nzoe,2024-02-05,8 €\n", "signs.csv")
    assert "1 rows are in EUR" in shop.load(signs, *columns, code=1).stderr
    shop.load(signs, *columns, "--convert")
    assert shop.total("signs") == Decimal("10.00")
    no_rate = shop.load(path, *columns, "--currency", "CHF", "--convert", "--ignore", "Currency",
                        "--label", "x", code=1)  # fmt: skip
    assert "no rate of CHF" in no_rate.stderr


def test_what_looks_wrong_is_asked_before_anything_is_kept(shop: Shop):
    columns = ["--customer", "Who", "--date", "Day", "--amount", "Sum"]
    both = shop.file("Who,Day,Sum\nann,05/06/2024,1\nbob,07/08/2024,2\n", "both.csv")
    assert "--date-format day-first" in shop.load(both, *columns, code=1).stderr
    shop.load(both, *columns, "--date-format", "month-first")
    assert shop.query(
        "SELECT min(date_order)::date FROM sale_order WHERE origin = 'load-orders: both'"
    ) == [(date(2024, 5, 6),)]

    thousand = shop.file("Who,Day,Sum\nann,2024-06-05,1.234\n", "thousand.csv")
    assert "--decimal" in shop.load(thousand, *columns, code=1).stderr
    shop.load(thousand, *columns, "--decimal", ",")
    assert shop.total("thousand") == Decimal(1234)

    rows = "".join(f"c{number},2024-06-05,{number}\n" for number in range(1, 5))
    summed = shop.file("Who,Day,Sum\n" + rows + "All,2024-06-05,10\n", "summed.csv")
    assert "the sum of all other rows" in shop.load(summed, *columns, code=1).stderr
    shop.load(summed, *columns, "--skip-bad", code=2)
    assert shop.total("summed") == Decimal(10)

    tomorrow = datetime.now(UTC).date() + timedelta(days=2)
    ahead = shop.file(f"Who,Day,Sum\nann,{tomorrow},1\n", "ahead.csv")
    assert "after today" in shop.load(ahead, *columns, code=1).stderr
    shop.load(ahead, *columns, "--yes")

    priced = shop.file("Who,Day,Unit price,Pieces\nann,2024-07-05,2.50,3\n", "priced.csv")
    columns = ["--customer", "Who", "--date", "Day", "--quantity", "Pieces"]
    assert "--price" in shop.load(priced, *columns, "--amount", "Unit price", code=1).stderr
    shop.load(priced, *columns, "--price", "Unit price")
    assert shop.total("priced") == Decimal("7.50")


def test_parquet_into_a_company_with_another_currency_and_a_contact(own_shop: Shop):
    shop = own_shop
    shop.odoo(
        """
        yen = env.ref("base.JPY")
        yen.active = True
        company = env["res.company"].create({"name": "Kyoto", "currency_id": yen.id})
        company.resource_calendar_id.tz = "Asia/Tokyo"
        parent = env["res.partner"].create({"name": "Head office", "is_company": True})
        env["res.partner"].create({"name": "Buyer", "parent_id": parent.id, "ref": "7"})
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
    options = ["--company", "Kyoto", "--customer", "who", "--date", "day", "--quantity", "pieces"]
    done = shop.load(path, *options, "--amount", "paid", "--skip-bad", code=2)
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
         WHERE origin = 'load-orders: tea'
         ORDER BY sold.date_order
        """
    ) == [
        ("Buyer", "Head office", "JPY", Decimal(1000), Decimal(1), datetime(2024, 1, 5, 3)),
        ("Customer 8", "Customer 8", "JPY", Decimal(20), Decimal(1), datetime(2024, 1, 6, 3)),
    ]


def test_what_cannot_be_loaded_at_all_is_one_clear_message(shop: Shop):
    path = shop.file(SHOP)
    unknown = shop.load(path, *COLUMNS, "--order", "Bill", code=1)
    assert "no column 'Bill'" in unknown.stderr
    assert "Client, Day, Pieces" in unknown.stderr
    assert "does not exist" in shop.load("elsewhere.csv", *COLUMNS, code=1).stderr
    missing = shop.load(path, "--customer", "Client", "--date", "Day", code=1)
    assert "--amount or --price missing" in missing.stderr
    assert "--amount=Total" in missing.stdout
    assert "no company 'Nobody'" in shop.load(path, *COLUMNS, "--company", "Nobody", code=1).stderr
    assert shop.total("shop") is None

    shop.database = "postgres"
    assert "not an Odoo database" in shop.load(path, *COLUMNS, code=1).stderr
    shop.database = "there_is_none"
    assert "does not exist" in shop.load(path, *COLUMNS, code=1).stderr


def test_program_explains_itself(run_program, tmp_path: Path):
    done = run_program("bin/load-orders", "--help")
    assert done.returncode == 0
    assert "--shift" in done.stdout
    path = tmp_path / "shop.csv.gz"
    path.write_bytes(gzip.compress(SHOP.encode()))
    look = run_program("bin/load-orders", str(path))
    assert look.returncode == 0
    assert "--customer=Client" in look.stdout
