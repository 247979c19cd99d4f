"""On which days something happens that follows a frequency and passes over days off."""

from datetime import timedelta
from itertools import pairwise

# The fields of the days of a week, in the order of date.weekday().
WEEKDAYS = (
    "on_monday",
    "on_tuesday",
    "on_wednesday",
    "on_thursday",
    "on_friday",
    "on_saturday",
    "on_sunday",
)
# So many days ahead are looked at before the calendar is taken as it is.
LONGEST_ABSENCE = 366


def first_day(earliest, is_day_off, weekdays=range(7)):
    """Return the first day from a day on that is one of some weekdays and no day off.

    :param earliest: the day, which is returned itself where a whole year has no such day
    :param is_day_off: function that returns whether a day is one
    :param weekdays: numbers of weekdays, Monday being 0
    """
    days = (earliest + timedelta(days=ahead) for ahead in range(LONGEST_ABSENCE))
    return next(
        (day for day in days if day.weekday() in weekdays and not is_day_off(day)), earliest
    )


def longest_interval(weekdays):
    """Return the most days that lie between one of some weekdays and the next.

    :param weekdays: numbers of weekdays in order, Monday being 0; at least one
    """
    return max(after - day for day, after in pairwise([*weekdays, weekdays[0] + 7]))
