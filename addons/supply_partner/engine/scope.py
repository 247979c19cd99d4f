"""What a review needs to know besides the documents, as plain values."""

from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

from odoo.tools import SQL


@dataclass(frozen=True)
class ReviewDays:
    """When an agreement is reviewed.

    :ivar interval: the longest time between two reviews, in days
    :ivar next_date: the day of the review after this one
    """

    agreement_id: int
    interval: int
    next_date: date


@dataclass(frozen=True)
class Conditions:
    """Which stock, moves and documents count, each as SQL over the names given here.

    ``due`` has a row per line, see :func:`~.due.due_query`. The methods of ``vmi.agreement.line``
    that return each say what it is about; an add-on extends one of them to count otherwise.

    :ivar usable_stock: how much of a ``quant`` can be counted on, in the product's unit
    :ivar moved: whether a done ``move`` moved anything
    :ivar demand: whether a ``move`` to the location ``consumer`` is demand; over ``due``
    :ivar returned: whether a ``move`` from the location ``consumer`` is demand that came back;
        over ``due``, ``taken`` (the move that it returns) and ``taken_to`` (where that one went)
    :ivar receipt: whether a done ``move`` from ``origin`` to ``destination`` brings what the line
        ``ordered`` of ``purchase`` is for
    :ivar receipt_return: whether it takes that back; else as ``receipt``
    :ivar incoming: whether a ``move`` that enters a location is still to come; over ``due``
    :ivar outgoing: whether a ``move`` that leaves a location is still to go; over ``due``
    :ivar quotation: whether the line ``ordered`` of ``purchase`` is in an RFQ and may come
    :ivar quotation_group: what is the same for each ``purchase`` of which one only will come
    :ivar pending: whether the line ``proposed`` of ``proposal`` is proposed and may come
    """

    usable_stock: SQL
    moved: SQL
    demand: SQL
    returned: SQL
    receipt: SQL
    receipt_return: SQL
    incoming: SQL
    outgoing: SQL
    quotation: SQL
    quotation_group: SQL
    pending: SQL


@dataclass(frozen=True)
class CompanyScope:
    """Which lines of one company are looked at, and as of when.

    :ivar lines: SQL of the array of the ids of the lines
    :ivar today: the local day
    :ivar timezone: the zone whose calendar days the company counts in
    :ivar conditions: the :class:`Conditions` by which stock, moves and documents count
    """

    company_id: int
    lines: SQL
    today: date
    timezone: str
    conditions: Conditions

    def local_day(self, moment):
        """Return SQL for the local day of a moment that is stored in UTC."""
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)::date", moment, self.timezone)

    def start_of(self, day):
        """Return SQL for the moment, in UTC, at which a local day begins."""
        return SQL("((%s)::timestamp AT TIME ZONE %s AT TIME ZONE 'UTC')", day, self.timezone)


@dataclass(frozen=True)
class ReviewScope(CompanyScope):
    """What a review needs besides.

    :ivar digits: decimals of a quantity
    :ivar days_to_purchase: the company's days from a need to its order
    :ivar review_days: the :class:`ReviewDays` of each agreement
    :ivar targets: the distinct service targets of the lines
    :ivar rates: (from currency, to currency, rate), for what vendors' rows are priced in
    :ivar hindrances: (line id, problem) of the lines that cannot be served for what only Odoo's
        methods know; the rest is found with the lines
    :ivar steps: (unit, the product's unit, what is whole in both in units of the product or None)
    :ivar position_parts: what other add-ons add to the position, each the SELECT of ``line_id``
        and ``quantity``
    :ivar has_forecasts: whether any line goes by a forecast
    :ivar champions: (class of demand, method, first day, day from which on it is no more or None)
        of the methods of forecasting that took the usual one's place
    :ivar plans: demand that other add-ons have planned, each the SELECT of ``line_id``, ``day``
        and ``quantity``
    """

    digits: int
    days_to_purchase: int
    review_days: tuple[ReviewDays, ...]
    targets: tuple[float, ...]
    rates: tuple[tuple[int, int, float], ...]
    hindrances: tuple[tuple[int, str], ...] = ()
    steps: tuple[tuple[int, int, float | None], ...] = ()
    position_parts: tuple[SQL, ...] = ()
    has_forecasts: bool = False
    plans: tuple[SQL, ...] = ()
    champions: tuple[tuple[str, str, date, date | None], ...] = ()

    def review_days_values(self):
        """Return rows of ``agreement_id``, ``interval_days`` and ``next_date``."""
        return values_query(
            "(%s::integer, %s::integer, %s::date)",
            ((days.agreement_id, days.interval, days.next_date) for days in self.review_days),
            (0, 1, self.today),
        )

    def targets_values(self):
        """Return rows of ``target`` and ``z``, the standard normal quantile of the target."""
        return values_query(
            "(%s::double precision, %s::double precision)",
            ((target, NormalDist().inv_cdf(target)) for target in self.targets if 0 < target < 1),
            (0.5, 0.0),
        )

    def rates_values(self):
        """Return rows of ``from_id``, ``to_id`` and ``rate``."""
        return values_query(
            "(%s::integer, %s::integer, %s::double precision)", iter(self.rates), (0, 0, 1.0)
        )

    def champions_values(self):
        """Return rows of ``demand_class``, ``method``, ``since`` and ``until``."""
        return values_query(
            "(%s::varchar, %s::varchar, %s::date, %s::date)",
            iter(self.champions),
            ("", "", self.today, self.today),
        )

    def hindrances_values(self):
        """Return rows of ``line_id`` and ``problem``."""
        return values_query("(%s::integer, %s::varchar)", iter(self.hindrances), (0, ""))

    def steps_values(self):
        """Return rows of ``unit_id``, ``product_unit_id`` and ``step``."""
        return values_query(
            "(%s::integer, %s::integer, %s::double precision)", iter(self.steps), (0, 0, None)
        )


def values_query(row, rows, nothing):
    """Return VALUES of some rows.

    :param row: text of a row with its types, a ``%s`` for each value
    :param rows: the values of each row
    :param nothing: the values of a row that matches nothing, for when there are none
    """
    return SQL("VALUES %s", SQL(", ").join(SQL(row, *values) for values in list(rows) or [nothing]))
