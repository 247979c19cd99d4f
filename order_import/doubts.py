"""The second look, before anything is kept: what is probably not what was meant."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from .columns import is_currency, is_status, is_unit_price, not_bought
from .dates import DateEvidence
from .reading import Source

_MOST_VALUES = 40


def of_unused_columns(
    source: Source,
    used: Collection[int],
    ignored: Collection[int],
    codes: frozenset[str],
    own_code: str,
) -> list[str]:
    """Return the columns that say which rows count, or in which money, and are not used.

    :param used: indexes of the columns that are read
    :param ignored: indexes of those not used on purpose
    :param codes: codes of all currencies
    :param own_code: that of the company's, which needs no column
    """
    doubts = []
    for index, name in enumerate(source.columns):
        if index in used or index in ignored:
            continue
        counts = source.counts(index, _MOST_VALUES)
        if is_currency(name, counts, codes):
            others = {value for value in counts if value and value.upper() != own_code}
            if others:
                doubts.append(
                    f"column {name!r} is not used and names currencies ({_list(counts)}): give "
                    f"--currency {name!r}, or --ignore {name!r}"
                )
        elif is_status(name, counts):
            bad = [value for value in counts if not_bought(value)]
            leave = " ".join(f"--leave-out {value!r}" for value in bad) or "--leave-out VALUE"
            doubts.append(
                f"column {name!r} is not used and looks like a status ({_list(counts)}): give "
                f"--status {name!r} {leave}, or --ignore {name!r}"
            )
    return doubts


def of_status(name: str, counts: dict[str, int], left_out: Collection[str]) -> list[str]:
    """Return statuses that look as if nothing was bought but are not left out, and the reverse."""
    known = {value.casefold() for value in counts}
    doubts = [
        f"--leave-out {value!r}: column {name!r} has no such value ({_list(counts)})"
        for value in left_out
        if value not in known
    ]
    if not left_out:
        doubts.append(
            f"--status {name!r} leaves nothing out: say which of its values are no purchases with "
            f"--leave-out ({_list(counts)})"
        )
    return doubts


def of_amount(columns: dict[str, str]) -> list[str]:
    """Return whether a unit price is taken for what a row was sold for."""
    if "amount" in columns and "quantity" in columns and is_unit_price(columns["amount"]):
        return [
            f"column {columns['amount']!r} looks like the price of one: with --price instead of "
            "--amount it is multiplied by the quantity"
        ]
    return []


def of_dates(evidence: DateEvidence, column: str) -> list[str]:
    """Return whether day and month cannot be told apart by any date."""
    if evidence.either and not evidence.day_first and not evidence.month_first:
        return [
            f"column {column!r}: in no date it shows which of day and month comes first (such as "
            f"{evidence.either!r}): say --date-format day-first or --date-format month-first"
        ]
    return []


def of_days(first: date, last: date, today: date) -> list[str]:
    """Return whether purchases are made in days to come."""
    if last > today:
        return [
            f"the last purchase is on {last}, after today: is the date's column right, and day and "
            "month (--date-format)? --shift moves all dates so that the last is today"
        ]
    return []


def about_age(last: date, today: date, window_months: int) -> list[str]:
    """Return a note when all purchases are older than what tiers are computed from."""
    if (today - last).days > window_months * 30.5:
        return [
            f"the last purchase is on {last}, before the {window_months} months that tiers are "
            "computed from: --shift moves all dates so that the last is today"
        ]
    return []


def of_before(same_days: int, orders: int, different: int) -> list[str]:
    """Return whether the purchases seem to be loaded already, read in another way.

    :param same_days: new orders of customers who have loaded orders on the same days
    :param orders: all new orders
    :param different: orders that were loaded with other lines, and not changed since
    """
    doubts = []
    if same_days > 1 and 2 * same_days >= orders:
        doubts.append(
            f"{same_days:,} of the {orders:,} new orders are of customers who have other loaded "
            "orders on the same days: if they are the same purchases read in another way, take "
            "the earlier load back first with --undo"
        )
    if different:
        doubts.append(
            f"{different:,} orders were loaded with other lines or amounts, and nobody changed "
            "them in Odoo since: the file or its options are others. They would stay as they "
            "are; take the earlier load back first with --undo"
        )
    return doubts


def _list(counts: dict[str, int]) -> str:
    shown = [f"{value or '(empty)'}: {rows:,}" for value, rows in list(counts.items())[:6]]
    return ", ".join(shown) + (" …" if len(counts) > 6 else "")
