"""Files with the traits of exports that people have: each comes out with the right sum."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from order_loads import Loader, Shop

# An online shop's till: unit prices, the month first, returns with numbers of their own, ids that
# went through a column of floats, and rows of nobody.
TILL = """\
InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
700001,11A,"LAMP, SMALL",6,12/1/2022 8:26,2.55,27850.0,Spain
700001,12B,BOX OF PEGS,8,12/1/2022 8:26,3.39,27850.0,Spain
700002,12B,BOX OF PEGS,2,12/13/2022 9:02,7.65,23047.0,France
C700003,11A,"LAMP, SMALL",-1,12/14/2022 9:41,2.55,27850.0,Spain
700004,13C,SAMPLES,3,12/14/2022 10:00,0.00,23047.0,France
"""
NOBODY = "700005,11A,LAMP,3,12/15/2022 10:00,2.50,,Spain\n"
TILL_SUM = Decimal("15.30") + Decimal("27.12") + Decimal("15.30") - Decimal("2.55")
TILL_COLUMNS = [
    *("--customer", "CustomerID", "--date", "InvoiceDate", "--price", "UnitPrice"),
    *("--quantity", "Quantity", "--order", "InvoiceNo", "--product", "StockCode"),
]

# A chain's orders in English, in the code page of Windows, with a space that does not break.
CHAIN = """\
Row ID,Order ID,Order Date,Ship Date,Customer ID,Customer Name,Product Name,Sales,Quantity,Discount
1,CA-1,11/8/2022,11/11/2022,CG-10,Zoë Grün,"Binder – 10""\u00a0wide",261.96,2,0
2,CA-1,11/8/2022,11/11/2022,CG-10,Zoë Grün,Chair,731.94,3,0.2
3,CA-2,6/12/2022,6/16/2022,DV-20,Ana Ruiz,Labels,"1,014.62",2,0
"""
CHAIN_COLUMNS = [
    *("--customer", "Customer ID", "--name", "Customer Name", "--date", "Order Date"),
    *("--amount", "Sales", "--quantity", "Quantity", "--order", "Order ID"),
    *("--product", "Product Name"),
]

# The same kind as a German Excel saves it, with the sum in its last row.
CHAIN_ABROAD = """\
sep=;
Bestellnr;Bestelldatum;Kundennr;Umsatz;Menge
DE-1;08.11.2022;K-1;261,96;2
DE-1;08.11.2022;K-1;1.731,94;3
DE-2;12.06.2022;K-2;14,62;2
Gesamtergebnis;;;2.008,52;7
"""

# Orders of a maker: the price of one is capped, so only the sales of the row are right.
MAKER = """\
ORDERNUMBER,QUANTITYORDERED,PRICEEACH,SALES,ORDERDATE,STATUS,CUSTOMERNAME,PRODUCTCODE
10101,30,95.70,2871.00,2/24/2020 0:00,Shipped,Café René,S10
10102,41,100,7737.93,5/7/2020 0:00,Shipped,Land of Toys,S10
10103,34,81.35,2765.90,7/13/2020 0:00,Cancelled,Land of Toys,S12
"""

# An export of a web shop: what belongs to the order stands in its first row only.
WEB = """\
Name,Email,Financial Status,Currency,Total,Created at,Lineitem quantity,Lineitem name,Lineitem price
#2001,ann@example.com,paid,USD,45.00,2023-01-05 12:30:00 -0500,2,Mug,12.50
#2001,ann@example.com,,,,2023-01-05 12:30:00 -0500,1,Plate,20.00
#2002,bob@example.com,refunded,USD,99.00,2023-01-06 09:00:00 -0500,3,Mug,12.50
#2002,bob@example.com,,,,2023-01-06 09:00:00 -0500,1,Bowl,61.50
#2003,ann@example.com,paid,USD,12.50,2023-02-01 23:59:00 -0500,1,"Mug
(blue)",12.50
"""

# An export of a Brazilian program: title, code page, decimal comma, sign of the currency.
BRAZIL = """\
Relatório de vendas;;;;
;;;;
Código do Cliente;Nome do Cliente;Data da Venda;Valor Total;Situação
901;João Araújo;31/01/2023;R$ 1.234,50;Faturado
902;Loja São José;01/02/2023;R$ 65,50;Faturado
902;Loja São José;02/02/2023;R$ 300,00;Cancelado
Total geral;;;R$ 1.600,00;
"""

# Movements of cards: the date in four columns, signs, money given back.
CARDS = """\
User,Card,Year,Month,Day,Time,Amount,Merchant City,Errors?
0,0,2022,9,1,06:21,$134.09,La Verne,
0,0,2022,9,1,06:42,$38.48,Monterey Park,
0,1,2022,9,2,06:22,$-99.00,Monterey Park,
1,0,2022,9,3,17:45,"$1,128.80",Mira Loma,
"""


@pytest.fixture(scope="module")
def loader(checkout: Path) -> Iterator[Loader]:
    loader = Loader(checkout)
    yield loader
    loader.end()


@pytest.fixture(scope="module")
def database(clone_shared_database: Callable[..., str]) -> str:
    return clone_shared_database("traits")


@pytest.fixture
def shop(loader: Loader, database: str, tmp_path: Path) -> Shop:
    return Shop(loader, database, tmp_path)


def test_a_till_with_prices_of_one_and_returns(shop: Shop):
    path = shop.file(TILL + NOBODY, "till.csv")
    assert "no customer" in shop.load(path, *TILL_COLUMNS, code=1).stderr
    shop.load(path, *TILL_COLUMNS, "--skip-bad", code=2)
    assert shop.total("till") == TILL_SUM
    assert shop.query(
        "SELECT client_order_ref, amount_total, date_order::date::text FROM sale_order"
        " WHERE origin = 'load-orders: till' ORDER BY client_order_ref"
    ) == [
        ("700001", Decimal("42.42"), "2022-12-01"),
        ("700002", Decimal("15.30"), "2022-12-13"),
        ("700004", Decimal("0.00"), "2022-12-14"),
        ("C700003", Decimal("-2.55"), "2022-12-14"),
    ]
    # The same purchases as a sheet of Excel, under another name, are the same.
    book = openpyxl.Workbook()
    for line in TILL.splitlines():
        cells = line.replace('"LAMP, SMALL"', "LAMP").split(",")
        book.active.append(
            [float(cell) if cell.replace(".", "").replace("-", "").isdigit() else cell
             for cell in cells]
        )  # fmt: skip
    content = io.BytesIO()
    book.save(content)
    again = shop.load(shop.file(content.getvalue(), "sheet.xlsx"), *TILL_COLUMNS)
    assert "0 customers, 0 orders added, 4 were there already" in again.stdout


def test_a_chain_in_the_code_page_of_windows(shop: Shop):
    done = shop.load(shop.file(CHAIN.encode("cp1252"), "chain.csv"), *CHAIN_COLUMNS)
    assert "read as cp1252" in done.stderr
    assert shop.total("chain") == Decimal("2008.52")
    assert shop.query("SELECT name FROM res_partner WHERE ref = 'CG-10'") == [("Zoë Grün",)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_chain_with_decimal_commas_and_a_row_of_sums(shop: Shop, encoding):
    path = shop.file(CHAIN_ABROAD.encode(encoding), f"{encoding}.csv")
    columns = ["--customer", "kundennr", "--date", "bestelldatum", "--amount", "umsatz"]
    columns += ["--quantity", "menge", "--order", "bestellnr"]
    assert "a sum of other rows" in shop.load(path, *columns, "--dry-run", code=1).stderr
    done = shop.load(path, *columns, "--skip-bad", code=2)
    assert "3 good (2,008.52 USD), 1 refused" in done.stdout
    assert shop.query(
        "SELECT sum(amount_total), min(date_order)::date::text FROM sale_order"
        " WHERE client_order_ref IN ('DE-1', 'DE-2')"
    ) == [(Decimal("2008.52"), "2022-06-12")]


def test_a_maker_with_a_status(shop: Shop):
    path = shop.file(MAKER.encode("latin-1"), "maker.csv")
    columns = ["--customer", "CUSTOMERNAME", "--date", "ORDERDATE", "--amount", "SALES"]
    columns += ["--quantity", "QUANTITYORDERED", "--order", "ORDERNUMBER"]
    assert "--status 'STATUS' --leave-out 'Cancelled'" in shop.load(path, *columns, code=1).stderr
    done = shop.load(path, *columns, "--status", "status", "--leave-out", "cancelled")
    assert "1 rows were left out for their status" in done.stdout
    assert shop.total("maker") == Decimal("10608.93")
    assert shop.query(
        "SELECT min(date_order)::text FROM sale_order WHERE origin = 'load-orders: maker'"
    ) == [("2020-02-24 12:00:00",)]


def test_a_web_shop_with_orders_of_several_rows(shop: Shop):
    path = shop.file(WEB, "web.csv")
    columns = ["--email", "Email", "--date", "Created at", "--price", "Lineitem price"]
    columns += ["--quantity", "Lineitem quantity", "--order", "Name", "--product", "Lineitem name"]
    assert "--leave-out 'refunded'" in shop.load(path, *columns, code=1).stderr
    done = shop.load(path, *columns, "--status", "Financial Status", "--leave-out", "refunded")
    assert "2 rows were left out for their status" in done.stdout
    assert shop.total("web") == Decimal("57.50")
    assert shop.query(
        "SELECT client_order_ref, amount_total, date_order::text FROM sale_order"
        " WHERE origin = 'load-orders: web' ORDER BY client_order_ref"
    ) == [
        ("#2001", Decimal("45.00"), "2023-01-05 17:30:00"),
        ("#2003", Decimal("12.50"), "2023-02-02 04:59:00"),
    ]


def test_a_brazilian_export(shop: Shop):
    shop.odoo(
        """
        real = env.ref("base.BRL")
        real.active = True
        env["res.currency.rate"].create({
            "currency_id": real.id, "name": "2022-01-01", "rate": 5, "company_id": env.company.id,
        })
        """
    )
    path = shop.file(BRAZIL.encode("cp1252"), "vendas.csv")
    columns = ["--customer", "codigo do cliente", "--name", "nome do cliente"]
    columns += ["--date", "data da venda", "--amount", "valor total", "--status", "situacao"]
    columns += ["--leave-out", "cancelado", "--skip-bad"]
    assert "2 rows are in BRL" in shop.load(path, *columns, code=1).stderr
    shop.load(path, *columns, "--convert", code=2)
    assert shop.total("vendas") == Decimal("260.00")
    assert shop.query("SELECT name FROM res_partner WHERE ref = '901'") == [("João Araújo",)]


def test_a_packed_file_of_cards(shop: Shop):
    path = shop.file(gzip.compress(CARDS.encode()), "cards.csv.gz")
    shop.load(path, *("--customer", "User+Card", "--date", "Year+Month+Day+Time"),
              *("--amount", "Amount"))  # fmt: skip
    assert shop.total("cards") == Decimal("1202.37")
    assert shop.query(
        "SELECT partner.ref, date_order::text, amount_total FROM sale_order"
        " JOIN res_partner partner ON partner.id = partner_id"
        " WHERE origin = 'load-orders: cards' ORDER BY date_order"
    ) == [
        ("0 0", "2022-09-01 06:21:00", Decimal("134.09")),
        ("0 0", "2022-09-01 06:42:00", Decimal("38.48")),
        ("0 1", "2022-09-02 06:22:00", Decimal("-99.00")),
        ("1 0", "2022-09-03 17:45:00", Decimal("1128.80")),
    ]
