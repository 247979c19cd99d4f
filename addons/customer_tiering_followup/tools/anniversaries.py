"""Days that come back every year."""

from __future__ import annotations

from calendar import isleap
from datetime import date


def days_celebrated_on(day: date) -> list[tuple[int, int]]:
    """Return the months and days of month that are celebrated on a day.

    In a common year 29 February is celebrated on 28 February.
    """
    celebrated = [(day.month, day.day)]
    if celebrated == [(2, 28)] and not isleap(day.year):
        celebrated.append((2, 29))
    return celebrated
