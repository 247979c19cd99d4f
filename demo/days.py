"""Days and moments of the story, counted back from today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta


@dataclass(frozen=True)
class Days:
    """The calendar of the story.

    :ivar today: the day on which it is told
    """

    today: date

    def ago(self, days: int) -> date:
        """Return the day so many days before today; after it where the number is negative."""
        return self.today - timedelta(days=days)

    @staticmethod
    def moment(day: date, hour: int = 10) -> datetime:
        """Return a moment on a day, as Odoo stores it."""
        return datetime.combine(day, time(hour))

    def working_day(self, day: date) -> date:
        """Return the day, or the Friday before a weekend."""
        return day - timedelta(days=max(0, day.weekday() - 4))
