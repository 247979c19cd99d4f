"""Days so many months away."""

from datetime import date

from dateutil.relativedelta import relativedelta


def after(day, months):
    """Return the day some months after another, or before it; the calendar's end where it ends.

    Somebody may be typing: what makes no sense is refused when it is saved.

    :param months: any whole number
    """
    try:
        return day + relativedelta(months=months)
    except (ValueError, OverflowError):
        return date.max if months > 0 else date.min
