"""What columns hold is recognised by their names and values, and what looks wrong is asked."""

from datetime import date

import pytest

from order_import.cells import clean_id, clean_text, is_empty
from order_import.columns import is_currency, is_status, is_unit_price, recognise
from order_import.doubts import of_before, of_days
from order_import.labels import Reading
from order_import.look import describe
from order_import.reading import Source


def named(names, *rows):
    columns = list(zip(*rows, strict=True))
    return {field: names[index] for field, index in recognise(names, columns).items()}


def test_columns_of_a_till():
    names = ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice",
             "CustomerID", "Country"]  # fmt: skip
    row = ("536365", "85123A", "LAMP", "6", "12/1/2010 8:26", "2.55", "17850.0", "France")
    assert named(names, row) == {
        "customer": "CustomerID",
        "order": "InvoiceNo",
        "date": "InvoiceDate",
        "quantity": "Quantity",
        "price": "UnitPrice",
        "product": "StockCode",
    }


def test_columns_in_portuguese():
    names = ["Código do Cliente", "Nome do Cliente", "Data da Venda", "Valor Total", "Situação"]
    row = ("7", "Loja", "31/01/2024", "R$ 1.234,50", "Faturado")
    assert named(names, row) == {
        "customer": "Código do Cliente",
        "name": "Nome do Cliente",
        "date": "Data da Venda",
        "amount": "Valor Total",
        "status": "Situação",
    }


def test_a_column_whose_values_do_not_fit_is_not_taken():
    assert named(["Customer", "Date", "Total"], ("ann", "soon", "many")) == {"customer": "Customer"}


def test_the_price_of_one_is_told_from_the_amount():
    assert is_unit_price("PRICEEACH")
    assert is_unit_price("Unit Price")
    assert not is_unit_price("Sales")


def test_a_price_beside_no_quantity_is_the_amount():
    names = ["Customer", "Date", "Unit Price"]
    assert named(names, ("ann", "2024-01-31", "2.55"))["amount"] == "Unit Price"


def test_a_price_and_a_quantity_come_before_an_amount():
    names = ["Customer", "Date", "Sales", "Quantity", "Unit Price"]
    found = named(names, ("ann", "2024-01-31", "5.10", "2", "2.55"))
    assert (found["price"], found["quantity"]) == ("Unit Price", "Quantity")
    assert "amount" not in found


def test_statuses_and_currencies_are_noticed():
    assert is_status("STATUS", {"Shipped": 5, "Disputed": 2})
    assert is_status("Remark", {"": 5, "Cancelled": 2})
    assert not is_status("Remark", {"thanks": 5})
    assert not is_status("Status", {"Shipped": 5})
    codes = frozenset(("EUR", "USD"))
    assert is_currency("Paid in", {"EUR": 3}, codes)
    assert not is_currency("Colour", {"RED": 3}, codes)


@pytest.mark.parametrize("text", [None, "", " ", "NULL", "n/a", "-", "NaN", "#N/A", "(blank)"])
def test_what_programs_write_for_nothing_is_nothing(text):
    assert is_empty(text)
    assert clean_text(text, "customer") == ""


def test_an_id_has_one_spelling():
    assert clean_id("17850.0", "customer") == clean_id(" 17850 ", "customer") == "17850"
    assert clean_id("17850.000000000", "customer") == "17850"
    assert clean_id("007", "customer") == "007"
    assert clean_id("1.50", "product") == "1.50"


def test_the_first_look_ends_in_a_command(tmp_path):
    path = tmp_path / "my shop.csv"
    path.write_text(
        "Client;Day;Pieces;Unit price;State\nann;31.01.2024;2;1,50;paid\n"
        "bo;01.02.2024;1;2,00;void\n"
    )
    with Source(path) as source:
        text = describe(source, "my shop.csv")
    assert "2 rows, 5 columns" in text
    assert "31.01.2024 · 01.02.2024" in text
    assert "load-orders 'my shop.csv' -d DATABASE" in text
    for option in ("--customer=Client", "--date=Day", "--price='Unit price'", "--quantity=Pieces",
                   "--status=State", "--leave-out=void"):  # fmt: skip
        assert option in text


def test_a_date_in_parts_is_put_together(tmp_path):
    path = tmp_path / "cards.csv"
    path.write_text("User,Year,Month,Day,Time,Amount\n0,2022,9,1,06:21,$134.09\n")
    with Source(path) as source:
        assert "--date=Year+Month+Day+Time" in describe(source, "cards.csv")


def test_days_to_come_are_doubted():
    assert not of_days(date(2024, 1, 1), date(2024, 2, 1), date(2024, 2, 1))
    assert of_days(date(2024, 1, 1), date(2024, 2, 2), date(2024, 2, 1))


def test_purchases_loaded_in_another_way_are_doubted():
    assert not of_before(same_days=0, orders=10, different=0)
    assert not of_before(same_days=2, orders=10, different=0)
    assert "--undo" in of_before(same_days=9, orders=10, different=0)[0]
    assert "nobody changed" in of_before(same_days=0, orders=0, different=3)[0]


def test_differences_of_two_readings_are_named():
    before = Reading({"amount": "UnitPrice", "date": "Day"}, {}, "x")
    now = Reading({"price": "UnitPrice", "date": "Day"}, {"decimal": ",", "apart": "web"}, "x")
    assert before.differences(now) == [
        "amount: UnitPrice → —",
        "price: — → UnitPrice",
        "apart: — → web",
    ]
    first = Reading({}, {"date_format": "day-first"}, "x")
    other = Reading({}, {"date_format": "month-first"}, "x")
    assert first.differences(other) == ["date_format: day-first → month-first"]
