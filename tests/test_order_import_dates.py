"""Dates in the forms that files have, and whether they tell the day from the month."""

from datetime import datetime, time, timedelta, timezone

import pytest

from order_import.dates import DAY_FIRST, MONTH_FIRST, evidence_of, parse_date

NEW_YORK = timezone(timedelta(hours=-5))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2024-01-31", datetime(2024, 1, 31)),
        ("20240131", datetime(2024, 1, 31)),
        ("2024/1/31", datetime(2024, 1, 31)),
        ("31.01.2024", datetime(2024, 1, 31)),
        ("31/1/24", datetime(2024, 1, 31)),
        ("31-Jan-2024", datetime(2024, 1, 31)),
        ("31 de janeiro de 2024", datetime(2024, 1, 31)),
        ("31. März 2024", datetime(2024, 3, 31)),
        ("Jan 31, 2024", datetime(2024, 1, 31)),
        ("2024年1月31日", datetime(2024, 1, 31)),
        ("45322", datetime(2024, 1, 31)),
        ("45322.75", datetime(2024, 1, 31, 18)),
        ("2024-01-31 08:15", datetime(2024, 1, 31, 8, 15)),
        ("31/01/2024 8:15 PM", datetime(2024, 1, 31, 20, 15)),
        ("2002 9 1 06:21", datetime(2002, 9, 1, 6, 21)),
        ("2024-01-31T08:15:30.250", datetime(2024, 1, 31, 8, 15, 30)),
        ("2024-01-31 08:15:00 -0500", datetime(2024, 1, 31, 8, 15, tzinfo=NEW_YORK)),
        ("20240131081530", datetime(2024, 1, 31, 8, 15, 30)),
    ],
)
def test_dates_are_read_as_written(text, moment):
    found, has_time = parse_date(text)
    assert found == moment
    assert has_time == (moment.time() != time.min)


@pytest.mark.parametrize(
    "text",
    ["soon", "1997", "1997-W01-1", "2024-02-30", "0000-01-01", "31/31/2024", "1/2/3", "01/13/2024",
     "5 Foo 2024", "2024-01-31 25:00", "13:00 PM"],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(ValueError):
        parse_date(text, DAY_FIRST)


def test_day_or_month_first_is_told_by_the_dates_together():
    both = evidence_of(["05/06/2024", "07/08/2024"])
    assert (both.either, both.day_first, both.month_first) == ("05/06/2024", "", "")
    assert evidence_of(["05/06/2024", "31/01/2024"]).day_first == "31/01/2024"
    assert evidence_of(["05/06/2024", "01/31/2024"]).month_first == "01/31/2024"
    assert parse_date("05/06/2024", MONTH_FIRST)[0] == datetime(2024, 5, 6)
    assert not evidence_of(["05/05/2024", "2024-06-05"]).either
    assert not evidence_of(["05.06.2024"]).either


def test_midnight_everywhere_is_no_time():
    assert not evidence_of(["2/24/2003 0:00", "5/7/2003 0:00"]).has_time
    assert evidence_of(["2/24/2003 0:00", "5/7/2003 8:30"]).has_time
    assert evidence_of(["2003-02-24T00:00:00Z"]).has_time
