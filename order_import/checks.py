"""Turn the cells of a row into a purchase, or say what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, tzinfo
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from .amounts import Amount, parse_amount
from .cells import clean_id, clean_text, is_email, is_empty, is_total
from .dates import DAY_FIRST, MONTH_FIRST, parse_by_format, parse_date
from .errors import BadRowError

EARLIEST_YEAR = 1900
LATEST_YEAR = 2199
LARGEST_AMOUNT = Decimal(10) ** 11
LARGEST_QUANTITY = Decimal(10) ** 9

FIELDS = (
    "customer", "name", "email", "date", "amount", "price", "quantity", "order", "product",
    "status", "currency",
)  # fmt: skip
_NOON = time(12)


class Purchase(NamedTuple):
    """One good row.

    ``customer`` is the same for all spellings of a customer's id, ``spelling`` is this row's.
    ``moment`` is the company's local time; ``written`` the date as text that is the same
    however the file spells it and wherever the company is. ``quantity`` and ``amount`` are both
    below zero for a return. ``currency`` is a code, or "" where the row names none.
    """

    customer: str
    spelling: str
    name: str
    email: str
    moment: datetime
    written: str
    quantity: Decimal
    amount: Decimal
    currency: str
    order: str
    product: str


@dataclass
class RowChecker:
    """Check rows whose cells come in the order of ``fields``.

    :param fields: some of :data:`FIELDS`; without ``quantity`` each row is a quantity of 1
    :param timezone: the company's zone, for dates that come with a zone of their own
    :param decimals: field → decimal mark of its numbers, ``.`` where it is not named
    :param date_format: as for ``strptime``, or which of day and month comes first
    :param dates_have_time: whether midnight is a time; if not, it stands for the whole day
    :param left_out: values of ``status`` whose rows are no purchases, in lower case
    :param guest: whose the rows are that name no customer; "" refuses them
    :param currencies: sign or code, as amounts carry it → code; None where it is several's

    A date without a time becomes noon: the day then stays the same in every zone less than
    half a day away. ``zero_quantities`` counts rows that were paid for but say 0: they are
    taken as a quantity of 1, so that the money is not lost. ``left_out_rows`` counts those
    whose status is to be left out.
    """

    fields: tuple[str, ...]
    timezone: tzinfo
    decimals: Mapping[str, str] = field(default_factory=dict)
    date_format: str = DAY_FIRST
    dates_have_time: bool = True
    left_out: Collection[str] = frozenset()
    guest: str = ""
    currencies: Mapping[str, str | None] = field(default_factory=dict)
    zero_quantities: int = 0
    left_out_rows: int = 0

    def __post_init__(self) -> None:
        self._position = {name: index for index, name in enumerate(self.fields)}
        self._read_date = lru_cache(maxsize=8192)(self._parse_date)
        self._read_number = lru_cache(maxsize=65536)(self._parse_number)

    def check(self, cells: tuple[str | None, ...]) -> Purchase | None:
        """Return the purchase, or None where nothing was bought: neither pieces nor money.

        :raises BadRowError: with the first fault found
        """
        status = self._cell(cells, "status")
        if status is not None and status.strip().casefold() in self.left_out:
            self.left_out_rows += 1
            return None
        order = clean_id(self._cell(cells, "order"), "order")
        product = clean_id(self._cell(cells, "product"), "product")
        customer, email = self._who(cells)
        name = clean_text(self._cell(cells, "name"), "name")
        if any(is_total(text) for text in (customer, order, product, name)):
            raise BadRowError("a sum of other rows, no purchase")
        if not customer:
            raise BadRowError("no customer")
        if "order" in self._position and not order:
            raise BadRowError("no order")
        text = self._cell(cells, "date")
        if is_empty(text):
            raise BadRowError("no date")
        moment, written = self._read_date(text.strip())
        quantity, amount, sign = self._money(cells)
        if not amount and not quantity:
            return None
        if not quantity:
            self.zero_quantities += 1
            quantity = Decimal(1)
        if amount < 0 < quantity:
            quantity = -quantity
        elif quantity < 0 < amount:
            raise BadRowError("pieces were returned, but the amount is above 0")
        currency = self._currency(cells, sign)
        return Purchase(
            customer.casefold(), customer, name, email, moment, written,
            quantity, amount, currency, order, product,
        )  # fmt: skip

    def _cell(self, cells: tuple, name: str) -> str | None:
        position = self._position.get(name)
        return None if position is None else cells[position]

    def _who(self, cells: tuple) -> tuple[str, str]:
        """Return the customer's id, which may be an e-mail address, and the address."""
        customer = clean_id(self._cell(cells, "customer"), "customer")
        email = clean_text(self._cell(cells, "email"), "email").lower()
        if not is_email(email):
            email = ""
        if not email and is_email(customer):
            email = customer.lower()
        return customer or email or self.guest, email

    def _money(self, cells: tuple) -> tuple[Decimal, Decimal, str]:
        quantity = Decimal(1)
        if "quantity" in self._position:
            quantity = self._number(cells, "quantity", LARGEST_QUANTITY).number
        if "price" not in self._position:
            return quantity, *self._number(cells, "amount", LARGEST_AMOUNT)
        price, sign = self._number(cells, "price", LARGEST_AMOUNT)
        amount = price * quantity
        if abs(amount) > LARGEST_AMOUNT:
            raise BadRowError(f"amount above {LARGEST_AMOUNT:,f}", f"{amount:f}")
        return quantity, amount, sign

    def _number(self, cells: tuple, name: str, largest: Decimal) -> Amount:
        text = self._cell(cells, name)
        if is_empty(text):
            raise BadRowError(f"no {name}")
        return self._read_number(text.strip(), name, largest)

    def _parse_number(self, text: str, name: str, largest: Decimal) -> Amount:
        amount = parse_amount(text, self.decimals.get(name, "."), name)
        if abs(amount.number) > largest:
            raise BadRowError(f"{name} above {largest:,f}", text)
        return amount

    def _currency(self, cells: tuple, sign: str) -> str:
        cell = clean_text(self._cell(cells, "currency"), "currency")
        code = ""
        for text in filter(None, (cell, sign)):
            if (known := self.currencies.get(text.casefold(), "")) == "":
                raise BadRowError("a currency that Odoo does not know", ascii(text))
            if known is None:
                if cell and text == sign:
                    continue
                raise BadRowError(
                    "a sign that several currencies have: say which with --currency", ascii(text)
                )
            code = code or known
            if known != code:
                raise BadRowError("two currencies in one row", f"{cell} and {sign}")
        return code

    def _parse_date(self, text: str) -> tuple[datetime, str]:
        try:
            if self.date_format in (DAY_FIRST, MONTH_FIRST):
                moment, has_time = parse_date(text, self.date_format)
            else:
                moment, has_time = parse_by_format(text, self.date_format)
        except (ValueError, OverflowError):
            raise BadRowError("not a date", ascii(text)) from None
        if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
            raise BadRowError(
                f"date outside the years {EARLIEST_YEAR} to {LATEST_YEAR}",
                moment.date().isoformat(),
            )
        if not has_time or not self.dates_have_time:
            return datetime.combine(moment.date(), _NOON), moment.date().isoformat()
        if moment.tzinfo is None:
            return moment, moment.isoformat()
        written = moment.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        return moment.astimezone(self.timezone).replace(tzinfo=None), written
