"""Money in other currencies than the company's: which one a sign means, and its rates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache

from .companies import Books
from .errors import LoadError


class Rates:
    """The currencies that Odoo knows, and what the company counts for them.

    :param books: the company
    :param given: code of the currency of rows that name none; "" for the company's
    :param convert: whether other currencies are converted, by Odoo's rate of the day
    :raises LoadError: when there is no such currency
    """

    def __init__(self, books: Books, given: str, convert: bool):
        self._company = books.company
        self._own = books.company.currency_id
        self._all = self._company.env["res.currency"].with_context(active_test=False).search([])
        self._codes = {currency.name: currency for currency in self._all}
        self._convert = convert
        self.default = given or self._own.name
        if self.default not in self._codes:
            raise LoadError(f"Odoo knows no currency {given!r}, and the file has no such column")
        self.rows: Counter[str] = Counter()
        self._first_day: dict[str, date] = {}
        self._rate = lru_cache(maxsize=65536)(self._find_rate)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of all currencies."""
        return frozenset(self._codes)

    def signs(self) -> Mapping[str, str | None]:
        """Return sign or code in lower case → code; None where a sign is several currencies'."""
        signs: dict[str, str | None] = {}
        for currency in self._all:
            signs.setdefault(currency.symbol.casefold(), None)
        for sign in signs:
            alike = [currency for currency in self._all if currency.symbol.casefold() == sign]
            for candidates in (
                [currency for currency in alike if currency.name == self.default],
                [currency for currency in alike if currency == self._own],
                [currency for currency in alike if currency.active],
                alike,
            ):
                if candidates:
                    signs[sign] = candidates[0].name if len(candidates) == 1 else None
                    break
        return signs | {code.casefold(): code for code in self._codes}

    def own_money(self, amount: Decimal, code: str, day: date) -> Decimal:
        """Return an amount in the company's currency, not rounded.

        What cannot be converted is counted in ``rows`` and returned as it is.

        :param code: of the amount's currency, "" for the default
        """
        code = code or self.default
        if code == self._own.name:
            return amount
        self.rows[code] += 1
        if not self._convert:
            return amount
        first = self._first_day.get(code)
        self._first_day[code] = day if first is None else min(first, day)
        return amount * self._rate(code, day)

    def check(self) -> list[str]:
        """Return what is doubtful about the conversion.

        :raises LoadError: when there is money that cannot be converted, or must not be
        """
        doubts = []
        for code, rows in self.rows.items():
            if not self._convert:
                raise LoadError(
                    f"{rows:,} rows are in {code}, and {self._company.name} counts in "
                    f"{self._own.name}: --convert turns them into {self._own.name} by Odoo's "
                    f"rates of their days; or load them into a company that counts in {code}"
                )
            oldest = self._oldest_rate(code)
            if oldest > self._first_day[code]:
                doubts.append(
                    f"Odoo's rates of {code} begin on {oldest}, purchases on "
                    f"{self._first_day[code]}: the oldest rate is taken for those before"
                )
        return doubts

    def _find_rate(self, code: str, day: date) -> Decimal:
        self._oldest_rate(code)
        rate = self._company.env["res.currency"]._get_conversion_rate(
            self._codes[code], self._own, self._company, day
        )
        return Decimal(repr(rate))

    @lru_cache(maxsize=64)  # noqa: B019
    def _oldest_rate(self, code: str) -> date:
        """Return the day of a currency's first rate; the own one's may be missing.

        :raises LoadError: when Odoo has none
        """
        rates = self._company.env["res.currency.rate"].search(
            [
                ("currency_id", "=", self._codes[code].id),
                ("company_id", "in", [False, self._company.root_id.id]),
            ],
            order="name",
            limit=1,
        )
        if not rates:
            raise LoadError(
                f"Odoo has no rate of {code}: enter one under Accounting or Settings → Currencies"
            )
        return rates.name
