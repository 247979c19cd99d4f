"""Turn the cells of a row into a purchase, or say what is wrong with it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
LARGEST_AMOUNT = Decimal(10) ** 11
LARGEST_QUANTITY = Decimal(10) ** 9

# Bounds the exponent too: Decimal would happily take 1e999999999.
_NUMBER = re.compile(
    r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,2})?"
)
# A day alone, with or without dashes. `fromisoformat` would also take weeks and ordinals.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}")
_TIME_DIRECTIVES = re.compile(r"%-?[HIMSfpcXsT]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOON = time(12)


class BadRowError(ValueError):
    """A row that cannot be loaded.

    ``reason`` is the same for all rows with the same fault, to count them;
    the exception's text has the value as well.
    """

    def __init__(self, reason: str, detail: str = ""):
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason = reason


class Purchase(NamedTuple):
    """One good row.

    ``moment`` is the company's local time; ``written`` the date as text that is the same
    however the file spells it and wherever the company is.
    """

    customer: str
    moment: datetime
    written: str
    quantity: Decimal
    amount: Decimal
    order: str
    product: str


@dataclass
class RowChecker:
    """Check rows whose cells come in the order of ``fields``.

    :param fields: some of ``customer date quantity amount order product``, in the order of
        the cells; without ``quantity`` each row is a quantity of 1
    :param timezone: the company's zone, for dates that come with a zone of their own
    :param date_format: as for ``strptime``; without it ISO dates (1997-01-31, 19970131,
        with or without a time)

    A date without a time becomes noon: the day then stays the same in every zone less than
    half a day away. ``zero_quantities`` counts rows that were paid for but say 0: they are
    taken as a quantity of 1, so that the money is not lost.
    """

    fields: tuple[str, ...]
    timezone: tzinfo
    date_format: str | None = None
    zero_quantities: int = 0

    def __post_init__(self) -> None:
        self._position = {field: index for index, field in enumerate(self.fields)}
        self._date_has_time = bool(_TIME_DIRECTIVES.search(self.date_format or ""))
        self._read_date_text = lru_cache(maxsize=8192)(self._parse_date_text)

    def check(self, cells: tuple) -> Purchase | None:
        """Return the purchase, or None where neither was anything bought nor anything paid.

        :raises BadRowError: with the first fault found
        """
        customer = _text(self._cell(cells, "customer"), "customer")
        if not customer:
            raise BadRowError("no customer")
        moment, written = self._date(self._cell(cells, "date"))
        quantity = Decimal(1)
        if "quantity" in self._position:
            quantity = _number(self._cell(cells, "quantity"), "quantity", LARGEST_QUANTITY)
        amount = _number(self._cell(cells, "amount"), "amount", LARGEST_AMOUNT)
        order = product = ""
        if "order" in self._position:
            order = _text(self._cell(cells, "order"), "order")
            if not order:
                raise BadRowError("no order")
        if "product" in self._position:
            product = _text(self._cell(cells, "product"), "product")
        if not quantity:
            if not amount:
                return None
            self.zero_quantities += 1
            quantity = Decimal(1)
        return Purchase(customer, moment, written, quantity, amount, order, product)

    def _cell(self, cells: tuple, field: str) -> Any:
        return cells[self._position[field]]

    def _date(self, value: Any) -> tuple[datetime, str]:
        if isinstance(value, datetime):
            return self._local(value, has_time=True)
        if isinstance(value, date):
            return self._local(datetime.combine(value, _NOON), has_time=False)
        text = _text(value, "date")
        if not text:
            raise BadRowError("no date")
        return self._read_date_text(text)

    def _parse_date_text(self, text: str) -> tuple[datetime, str]:
        try:
            if self.date_format:
                moment = datetime.strptime(text, self.date_format)
                has_time = self._date_has_time
            else:
                has_time = not _DAY.fullmatch(text)
                if has_time and not _DAY.fullmatch(re.split("[ T]", text, maxsplit=1)[0]):
                    raise ValueError
                moment = datetime.fromisoformat(text)
        except ValueError:
            raise BadRowError("not a date", repr(text)) from None
        return self._local(moment, has_time)

    def _local(self, moment: datetime, has_time: bool) -> tuple[datetime, str]:
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise BadRowError(
                f"date outside the years {EARLIEST_YEAR} to {LATEST_YEAR}",
                moment.date().isoformat(),
            )
        if not has_time:
            return datetime.combine(moment.date(), _NOON), moment.date().isoformat()
        if moment.tzinfo is None:
            return moment, moment.isoformat()
        written = moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        return moment.astimezone(self.timezone).replace(tzinfo=None), written


def _text(value: Any, field: str) -> str:
    """Return a cell as text without surrounding space, "" for an empty one."""
    if value is None:
        return ""
    if isinstance(value, bytes):
        try:
            value = value.decode()
        except UnicodeDecodeError:
            raise BadRowError(f"{field} has bytes that are not UTF-8") from None
    elif isinstance(value, float):
        if value != value:
            return ""
        if value.is_integer():
            value = int(value)
    text = str(value).strip()
    if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
        raise BadRowError(f"{field} has bytes that are not UTF-8", ascii(text))
    if _CONTROL.search(text):
        raise BadRowError(f"{field} has control characters", ascii(text))
    return text


def _number(value: Any, field: str, largest: Decimal) -> Decimal:
    # Binary fractions carry noise behind the digits that were meant: 0.1 + 0.2.
    text = repr(round(value, 9)) if isinstance(value, float) else str(value).strip()
    if value is None or not text:
        raise BadRowError(f"no {field}")
    return _parse_number(text, field, largest)


@lru_cache(maxsize=8192)
def _parse_number(text: str, field: str, largest: Decimal) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise BadRowError(f"{field} is not a number", ascii(text))
    number = Decimal(text)
    if number < 0:
        raise BadRowError(f"negative {field}", text)
    if number > largest:
        raise BadRowError(f"{field} above {largest:,f}", text)
    return number
