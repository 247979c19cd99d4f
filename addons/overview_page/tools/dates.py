"""Months and days in few letters, in the order in which the reader's language has them.

``format_date`` of a pattern such as ``MMM y`` writes Chinese months in English order.
"""

from datetime import datetime

from babel.dates import format_skeleton

from odoo.fields import Date, Datetime
from odoo.tools.misc import babel_locale_parse, get_lang


def format_month(env, day):
    """Return the month and year of a day, such as "Jun 2026" or "2026年6月"; "" without a day."""
    return _format(env, day, "yMMM")


def format_day(env, day):
    """Return the day and month, such as "Jun 5" or "6月5日"; "" without a day.

    A day of another year than today's is written with its year, or a list of the last months
    would read as if all of it were of this year.
    """
    day = _to_readers_day(env, day)
    this_year = Date.context_today(env.user).year
    return _format(env, day, "yMMMd" if day and day.year != this_year else "MMMd")


def format_full_day(env, day):
    """Return day, month and year, such as "Jun 5, 2026" or "2026年6月5日"; "" without a day."""
    return _format(env, day, "yMMMd")


def _format(env, day, skeleton):
    day = _to_readers_day(env, day)
    if not day:
        return ""
    locale = babel_locale_parse(get_lang(env).code)
    return format_skeleton(skeleton, day, fuzzy=True, locale=locale)


def _to_readers_day(env, day):
    # Odoo keeps moments in UTC.
    if isinstance(day, datetime):
        return Datetime.context_timestamp(env.user, day).date()
    return day
