"""Each kind of bad row is refused with its reason; the good ones come out the same."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from order_import.checks import BadRowError, RowChecker

FIELDS = ("customer", "date", "quantity", "amount")


def check(*cells, fields=FIELDS, **options):
    return RowChecker(fields, UTC, **options).check(cells)


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (("", "1997-01-01", "1", "5"), "no customer"),
        ((None, date(1997, 1, 1), 1, 5), "no customer"),
        ((float("nan"), "1997-01-01", "1", "5"), "no customer"),
        (("a", "", "1", "5"), "no date"),
        (("a", None, 1, 5), "no date"),
        (("a", "1997-02-30", "1", "5"), "not a date"),
        (("a", "soon", "1", "5"), "not a date"),
        (("a", "1997", "1", "5"), "not a date"),
        (("a", "1997-W01-1", "1", "5"), "not a date"),
        (("a", "0000-01-01", "1", "5"), "not a date"),
        (("a", "0001-01-01", "1", "5"), "date outside the years 1900 to 2199"),
        (("a", "9999-12-31", "1", "5"), "date outside the years 1900 to 2199"),
        (("a", "1997-01-01", "", "5"), "no quantity"),
        (("a", "1997-01-01", "two", "5"), "quantity is not a number"),
        (("a", "1997-01-01", "-3", "5"), "negative quantity"),
        (("a", "1997-01-01", "1e12", "5"), "quantity above 1,000,000,000"),
        (("a", "1997-01-01", "1", ""), "no amount"),
        (("a", "1997-01-01", "1", "5,00"), "amount is not a number"),
        (("a", "1997-01-01", "1", "NaN"), "amount is not a number"),
        (("a", "1997-01-01", "1", float("inf")), "amount is not a number"),
        (("a", "1997-01-01", "1", "1_000"), "amount is not a number"),
        (("a", "1997-01-01", "1", "1e999999999"), "amount is not a number"),
        (("a", "1997-01-01", "1", True), "amount is not a number"),
        (("a", "1997-01-01", "1", "-0.01"), "negative amount"),
        (("a\udcff", "1997-01-01", "1", "5"), "customer has bytes that are not UTF-8"),
        (("a", "\udcff", "1", "5"), "date has bytes that are not UTF-8"),
        ((b"\xff", "1997-01-01", "1", "5"), "customer has bytes that are not UTF-8"),
        (("a\x00", "1997-01-01", "1", "5"), "customer has control characters"),
    ],
)
def test_bad_rows_are_refused_with_their_reason(cells, reason):
    with pytest.raises(BadRowError) as refusal:
        check(*cells)
    assert refusal.value.reason == reason


def test_a_day_is_noon_and_a_time_is_kept():
    assert check("a", "19970131", "1", "5").moment == datetime(1997, 1, 31, 12)
    assert check("a", date(1997, 1, 31), 1, 5).moment == datetime(1997, 1, 31, 12)
    assert check("a", "1997-01-31 08:15", "1", "5").moment == datetime(1997, 1, 31, 8, 15)
    assert check("a", datetime(1997, 1, 31), 1, 5).moment == datetime(1997, 1, 31)


def test_a_time_with_a_zone_becomes_the_companys():
    tokyo = timezone(timedelta(hours=9))
    checker = RowChecker(FIELDS, tokyo)
    purchase = checker.check(("a", "1997-01-31T23:30:00+00:00", "1", "5"))
    assert purchase.moment == datetime(1997, 2, 1, 8, 30)
    assert purchase.written == "1997-01-31T23:30:00Z"


def test_one_day_in_two_spellings_is_written_the_same():
    other = check("a", "31.01.1997", "1", "5", date_format="%d.%m.%Y")
    assert other.moment == datetime(1997, 1, 31, 12)
    assert other.written == check("a", "19970131", "1", "5").written == "1997-01-31"


def test_nothing_bought_and_nothing_paid_is_no_purchase():
    assert check("a", "1997-01-01", "0", "0.00") is None


def test_money_paid_for_quantity_0_is_not_lost():
    checker = RowChecker(FIELDS, UTC)
    assert checker.check(("a", "1997-01-01", 0, 2.5))[3:5] == (Decimal(1), Decimal("2.5"))
    assert checker.zero_quantities == 1


def test_numbers_of_columnar_files_lose_their_noise():
    assert check(12.0, "1997-01-01", 1.0, 0.1 + 0.2)[:1] == ("12",)
    assert check(12.0, "1997-01-01", 1.0, 0.1 + 0.2).amount == Decimal("0.3")


def test_an_order_column_must_be_filled():
    fields = (*FIELDS, "order")
    assert check("a", "1997-01-01", "1", "5", "17", fields=fields).order == "17"
    with pytest.raises(BadRowError, match="no order"):
        check("a", "1997-01-01", "1", "5", " ", fields=fields)
