"""Numbers come out as they were meant, or not at all: never a thousandth for a thousand."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from order_import.amounts import Marks, choose_decimal, decimal_mark, marks_in, parse_amount
from order_import.errors import BadRowError, LoadError


@pytest.mark.parametrize(
    ("text", "decimal", "number", "sign"),
    [
        ("1,234.50", ".", "1234.50", ""),
        ("1.234,50", ",", "1234.50", ""),
        ("1.234", ",", "1234", ""),
        ("1.234", ".", "1.234", ""),
        ("1 234,50", ",", "1234.50", ""),
        ("1\u202f234\u00a0567,5", ",", "1234567.5", ""),
        ("1'234.50", ".", "1234.50", ""),
        ("1,23,456.70", ".", "123456.70", ""),
        ("(12.00)", ".", "-12.00", ""),
        ("12.00-", ".", "-12.00", ""),
        ("−5", ".", "-5", ""),
        ("$ 12", ".", "12", "$"),
        ("-$5.00", ".", "-5.00", "$"),
        ("$-99.00", ".", "-99.00", "$"),
        ("($1,234.50)", ".", "-1234.50", "$"),
        ("R$ 1.234,50", ",", "1234.50", "R$"),
        ("12,5 €", ",", "12.5", "€"),
        ("12.50 EUR", ".", "12.50", "EUR"),
        ("1.5e3", ".", "1500", ""),
        (".5", ".", "0.5", ""),
        ("12.500000000", ",", "12.5", ""),
    ],
)
def test_numbers_are_read_as_written(text, decimal, number, sign):
    amount = parse_amount(text, decimal, "amount")
    assert (amount.number, amount.sign) == (Decimal(number), sign)


@pytest.mark.parametrize(
    "text",
    ["", "five", "NaN", "inf", "1_000", "--5", "(-5)", "12%", "1.2.3", "A5B", "1e999999999",
     "5,00", "0,123", "12,34", "1,2345"],
)  # fmt: skip
def test_what_is_no_number_is_refused(text):
    with pytest.raises(BadRowError, match="amount is not a number"):
        parse_amount(text, ".", "amount")


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("12", None),
        ("1,234.50", "."),
        ("1.234,50", ","),
        ("1.234.567", ","),
        ("12.5", "."),
        ("0.123", "."),
        ("1234.567", "."),
        ("5,00", ","),
        ("1.234", "?"),
        ("$ 1,234", "?"),
        ("12.500000000", None),
    ],
)
def test_a_mark_tells_only_what_it_must(text, mark):
    assert decimal_mark(text) == mark


def test_a_thousand_or_a_fraction_is_asked_for():
    with pytest.raises(LoadError, match=r"'paid' has numbers such as '1\.234'.*--decimal"):
        choose_decimal({"paid": marks_in(["1.234", "2.000"])})


def test_a_column_that_does_not_tell_follows_the_others():
    columns = {"paid": Marks(either="1.234"), "price": Marks(comma="9,99"), "pieces": Marks()}
    assert choose_decimal(columns) == {"paid": ",", "price": ",", "pieces": "."}


def test_contradicting_marks_are_asked_for():
    with pytest.raises(LoadError, match=r"'1\.50' as well as '1,50'"):
        choose_decimal({"paid": marks_in(["1.50", "1,50"])})


@given(st.integers(0, 10**9), st.sampled_from([",.", ".,"]), st.booleans())
def test_grouped_numbers_come_back(cents, marks, negative):
    group, decimal = marks
    text = f"{cents // 100:,}".replace(",", group) + decimal + f"{cents % 100:02}"
    text = f"({text})" if negative else text
    assert parse_amount(text, decimal, "amount").number == Decimal(cents) / (
        -100 if negative else 100
    )
    assert decimal_mark(text) == decimal
