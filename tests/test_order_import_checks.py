"""Each kind of bad row is refused with its reason; the good ones come out the same."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from order_import.checks import RowChecker
from order_import.errors import BadRowError

FIELDS = ("customer", "date", "quantity", "amount")


def check(*cells, fields=FIELDS, **options):
    return RowChecker(fields, UTC, **options).check(cells)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "1997-01-01", "1", "5"), "no customer"),
        ((None, "1997-01-01", "1", "5"), "no customer"),
        (("NULL", "1997-01-01", "1", "5"), "no customer"),
        (("N/A", "1997-01-01", "1", "5"), "no customer"),
        (("-", "1997-01-01", "1", "5"), "no customer"),
        (("Grand total", "1997-01-01", "1", "5"), "a sum of other rows, no purchase"),
        (("a", "", "1", "5"), "no date"),
        (("a", None, "1", "5"), "no date"),
        (("a", "1997-02-30", "1", "5"), "not a date"),
        (("a", "soon", "1", "5"), "not a date"),
        (("a", "0000-01-01", "1", "5"), "not a date"),
        (("a", "0001-01-01", "1", "5"), "date outside the years 1900 to 2199"),
        (("a", "9999-12-31", "1", "5"), "date outside the years 1900 to 2199"),
        (("a", "1997-01-01", "", "5"), "no quantity"),
        (("a", "1997-01-01", "two", "5"), "quantity is not a number"),
        (("a", "1997-01-01", "1e12", "5"), "quantity above 1,000,000,000"),
        (("a", "1997-01-01", "-1", "5"), "pieces were returned, but the amount is above 0"),
        (("a", "1997-01-01", "1", ""), "no amount"),
        (("a", "1997-01-01", "1", "nan"), "no amount"),
        (("a", "1997-01-01", "1", "5,00"), "amount is not a number"),
        (("a", "1997-01-01", "1", "1_000"), "amount is not a number"),
        (("a", "1997-01-01", "1", "true"), "amount is not a number"),
        (("a\ufffd", "1997-01-01", "1", "5"), "customer has bytes that are not text"),
        (("a\x00", "1997-01-01", "1", "5"), "customer has control characters"),
    ],
)
def test_bad_rows_are_refused_with_their_reason(cells, reason):
    with pytest.raises(BadRowError) as refusal:
        check(*cells)
    assert refusal.value.reason == reason


def test_a_day_is_noon_and_a_time_is_kept():
    assert check("a", "19970131", "1", "5").moment == datetime(1997, 1, 31, 12)
    assert check("a", "1997-01-31 08:15", "1", "5").moment == datetime(1997, 1, 31, 8, 15)
    midnight = ("a", "1997-01-31 00:00", "1", "5")
    assert check(*midnight).moment == datetime(1997, 1, 31)
    assert check(*midnight, dates_have_time=False).moment == datetime(1997, 1, 31, 12)


def test_a_time_with_a_zone_becomes_the_companys():
    tokyo = timezone(timedelta(hours=9))
    checker = RowChecker(FIELDS, tokyo)
    purchase = checker.check(("a", "1997-01-31T23:30:00+00:00", "1", "5"))
    assert purchase.moment == datetime(1997, 2, 1, 8, 30)
    assert purchase.written == "1997-01-31T23:30:00Z"


def test_one_day_in_three_spellings_is_written_the_same():
    dotted = check("a", "31.01.1997", "1", "5", date_format="%d.%m.%Y")
    american = check("a", "1/31/1997", "1", "5", date_format="month-first")
    assert dotted.moment == datetime(1997, 1, 31, 12)
    assert dotted.written == american.written == check("a", "19970131", "1", "5").written


def test_nothing_bought_and_nothing_paid_is_no_purchase():
    assert check("a", "1997-01-01", "0", "0.00") is None


def test_money_paid_for_quantity_0_is_not_lost():
    checker = RowChecker(FIELDS, UTC)
    purchase = checker.check(("a", "1997-01-01", "0", "2.5"))
    assert (purchase.quantity, purchase.amount) == (1, Decimal("2.5"))
    assert checker.zero_quantities == 1


def test_a_return_is_below_zero_in_pieces_and_money():
    fields = ("customer", "date", "quantity", "price")
    for cells, names in (
        (("a", "1997-01-01", "1", "(12.00)"), FIELDS),
        (("a", "1997-01-01", "-1", "-12.00"), FIELDS),
        (("a", "1997-01-01", "-2", "6"), fields),
    ):
        purchase = check(*cells, fields=names)
        assert purchase.amount == Decimal(-12)
        assert purchase.quantity < 0


def test_price_times_quantity_is_the_amount():
    purchase = check(
        "a", "1997-01-01", "6", "2.55", fields=("customer", "date", "quantity", "price")
    )
    assert (purchase.quantity, purchase.amount) == (6, Decimal("15.30"))


def test_spellings_of_a_customer_are_one():
    assert check("17850.0", "19970101", "1", "5").customer == "17850"
    first, second = check("Ann", "19970101", "1", "5"), check(" ANN", "19970101", "1", "5")
    assert first.customer == second.customer
    assert first.spelling == "Ann"


def test_rows_without_a_customer_are_somebodys_by_email_or_one_guests():
    fields = ("customer", "date", "amount", "email")
    named = check("NULL", "1997-01-01", "5", "Ann@Example.com", fields=fields)
    assert (named.customer, named.email) == ("ann@example.com",) * 2
    with pytest.raises(BadRowError, match="no customer"):
        check("", "1997-01-01", "5", "none", fields=fields)
    assert (
        check("", "1997-01-01", "5", "", fields=fields, guest="Passer-by").spelling == "Passer-by"
    )


def test_statuses_to_leave_out_are_no_purchases():
    checker = RowChecker((*FIELDS, "status"), UTC, left_out={"cancelled"})
    assert checker.check(("a", "1997-01-01", "1", "5", "Cancelled ")) is None
    assert checker.check(("a", "1997-01-01", "1", "5", "Shipped"))
    assert checker.left_out_rows == 1


def test_currencies_are_named_or_refused():
    signs = {"$": "USD", "usd": "USD", "eur": "EUR", "kr": None}
    fields = (*FIELDS, "currency")
    assert check("a", "1997-01-01", "1", "$5", currencies=signs).currency == "USD"
    assert (
        check("a", "1997-01-01", "1", "5", "eur", fields=fields, currencies=signs).currency == "EUR"
    )
    for cells, reason in (
        (("a", "1997-01-01", "1", "$5", "EUR"), "two currencies in one row"),
        (("a", "1997-01-01", "1", "5", "XXX"), "a currency that Odoo does not know"),
        (("a", "1997-01-01", "1", "5 kr", ""), "a sign that several currencies have"),
    ):
        with pytest.raises(BadRowError, match=reason):
            check(*cells, fields=fields, currencies=signs)


def test_an_order_column_must_be_filled():
    fields = (*FIELDS, "order")
    assert check("a", "1997-01-01", "1", "5", "17", fields=fields).order == "17"
    with pytest.raises(BadRowError, match="no order"):
        check("a", "1997-01-01", "1", "5", " ", fields=fields)
