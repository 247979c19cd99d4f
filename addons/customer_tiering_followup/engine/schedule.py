from datetime import datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from odoo import api, models
from odoo.tools import SQL

from ..engine.steps import drop
from ..tools.spreading import spread
from .customer_followup import OPEN_STATES

# Days from today over which work is spread.
WEEK = 7


class CustomerFollowupSchedule(models.Model):
    """On which days account managers have time."""

    _inherit = "customer.followup"

    @api.model
    def _get_slots(self, company, counts, today):
        """Return on which of the next seven days each account manager's tasks fall.

        The days become as even as they can, with what is open on them, and none gets more
        than the account manager's daily number. What finds no room has no slot.

        :param counts: {user id: number of tasks, which are numbered from 1 in their order}
        :return: [(user id, day, first task, last task), …]
        """
        users = self.env["res.users"].sudo().browse(counts)
        days_of = self._get_working_days(users, company, today)
        loads = self._get_loads(users)
        slots = []
        for user in users:
            days = days_of[user]
            taken = spread(
                counts[user.id],
                [loads.get((user, day), 0) for day in days],
                user.follow_ups_per_day,
            )
            for day, number, last in zip(days, taken, accumulate(taken), strict=True):
                if number:
                    slots.append((user.id, day, last - number + 1, last))
        return slots

    @api.model
    def _place(self, policy, tasks, placed):
        """Give tasks a day each, as far as those who are to do them have room.

        :param tasks: temporary table with ``user_id`` and ``place``, the order of each user's
        :param placed: temporary table to fill with the tasks that found room and their ``day``;
            those of nobody are due today
        """
        today = policy._get_today()
        counts = dict(
            self.env.execute_query(
                SQL("SELECT user_id, COUNT(*) FROM %s WHERE user_id IS NOT NULL GROUP BY 1", tasks)
            )
        )
        slots = self._get_slots(policy.company_id, counts, today)
        drop(self.env.cr, placed)
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE %(placed)s AS
                SELECT task.*, COALESCE(slot.day, %(today)s) AS day
                  FROM %(tasks)s AS task
             LEFT JOIN (%(slots)s) AS slot
                    ON slot.user_id = task.user_id
                   AND task.place BETWEEN slot.first AND slot.last
                 WHERE task.user_id IS NULL OR slot.day IS NOT NULL
                """,
                placed=placed,
                tasks=tasks,
                today=today,
                slots=self._slots_query(slots),
            )
        )

    def _slots_query(self, slots):
        """Return what :meth:`_get_slots` gave as a SELECT."""
        users, days, firsts, lasts = zip(*slots, strict=True) if slots else ([], [], [], [])
        return SQL(
            """
            SELECT user_id, day, first, last
              FROM UNNEST(%s::int[], %s::date[], %s::int[], %s::int[])
                   AS slot (user_id, day, first, last)
            """,
            list(users),
            list(days),
            list(firsts),
            list(lasts),
        )

    @api.model
    def _get_loads(self, users):
        """Return how many open tasks of care users have on each day: {(user, day): number}."""
        groups = self._read_group(
            [("user_id", "in", users.ids), ("state", "in", OPEN_STATES)],
            ["user_id", "date_due:day"],
            ["__count"],
        )
        return {(user, day): count for user, day, count in groups}

    @api.model
    def _get_working_days(self, users, company, today, length=WEEK):
        """Return which of the days from today on users work.

        They go by their own working hours and days off where they have some, else by the
        company's; without any they work from Monday to Friday.

        :return: {user: [day, …]}
        """
        found = {}
        days_of = {}
        for user in users:
            resource = user.resource_ids.filtered(lambda one: one.company_id == company)[:1]
            calendar = resource.calendar_id or company.resource_calendar_id
            key = (calendar, resource)
            if key not in found:
                found[key] = self._get_calendar_days(calendar, resource, today, length)
            days_of[user] = found[key]
        return days_of

    @api.model
    def _get_workday(self, company, day):
        """Return the first day from a day on that the company works; that day if there is none."""
        none = self.env["resource.resource"]
        days = self._get_calendar_days(company.resource_calendar_id, none, day, WEEK)
        return days[0] if days else day

    def _get_calendar_days(self, calendar, resource, today, length):
        days = [today + timedelta(days=number) for number in range(length)]
        if not calendar:
            return [day for day in days if day.weekday() < 5]
        start = datetime.combine(today, time.min, ZoneInfo(calendar.tz or "UTC"))
        end = start + timedelta(days=length)
        intervals = calendar._work_intervals_batch(start, end, resource)[resource.id]
        worked = {begin.date() for begin, _end, _attendances in intervals}
        return [day for day in days if day in worked]
