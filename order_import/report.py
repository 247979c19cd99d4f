"""What a load did, in numbers that can be checked."""

from __future__ import annotations

from decimal import Decimal

from .checks import RowChecker
from .refusals import Refusals


def report(
    label: str,
    good: int,
    refusals: Refusals,
    checker: RowChecker,
    staging,
    comparison,
    done: bool,
) -> str:
    """Return the report of a load, a sentence a line.

    :param good: how many rows were staged
    :param staging: the staging of the load, and ``comparison`` what it found
    :param done: whether the purchases were added
    """
    currency = staging.books.company.currency_id

    def money(amount: Decimal) -> str:
        return f"{amount:,.{currency.decimal_places}f} {currency.name}"

    verb = "added" if done else "would be added"
    rows = good + refusals.count + refusals.passed_over
    lines = [
        f"{label}: {rows:,} rows read, {good:,} good ({money(comparison.file_amount)}), "
        f"{refusals.count:,} refused",
        *_about_rows(refusals, checker),
        *_about_money(staging, currency.name),
        f"{comparison.customers:,} customers, {comparison.orders:,} orders {verb}, "
        f"{comparison.orders_before:,} were there already",
        *_about_known(comparison),
    ]
    if comparison.lines:
        lines.append(
            f"{comparison.lines:,} order lines {verb}, {money(comparison.amount)}; "
            f"{comparison.products:,} products"
        )
    if comparison.first_day:
        moved = f" (moved by {comparison.shift_days:,} days)" if comparison.shift_days else ""
        lines.append(f"purchases from {comparison.first_day} to {comparison.last_day}{moved}")
    return "\n".join(lines)


def _about_rows(refusals: Refusals, checker: RowChecker) -> list[str]:
    lines = []
    if checker.left_out_rows:
        lines.append(f"{checker.left_out_rows:,} rows were left out for their status")
    if empty := refusals.passed_over - checker.left_out_rows:
        lines.append(f"{empty:,} rows had neither quantity nor amount: passed over")
    if checker.zero_quantities:
        lines.append(
            f"{checker.zero_quantities:,} rows were paid for but say quantity 0: taken as 1"
        )
    return lines


def _about_money(staging, currency: str) -> list[str]:
    lines = [
        f"{rows:,} rows were converted from {code} by Odoo's rates"
        for code, rows in staging.rates.rows.items()
    ]
    if staging.rounded:
        lines.append(
            f"{staging.rounded:,} amounts were rounded to {currency} {staging.books.step}, by "
            f"{staging.rounding_difference:f} in all"
        )
    return lines


def _about_known(comparison) -> list[str]:
    lines = []
    if comparison.by_reference or comparison.by_email:
        lines.append(
            f"customers there already: {comparison.by_reference:,} known by reference, "
            f"{comparison.by_email:,} by e-mail address"
        )
    if comparison.extended:
        lines.append(f"{comparison.extended:,} orders that were there have more lines in the file")
    if comparison.changed:
        lines.append(
            f"{comparison.changed:,} orders differ from the file because they were changed in "
            "Odoo: left as they are"
        )
    if comparison.different:
        lines.append(
            f"{comparison.different:,} orders were loaded with other lines: left as they are"
        )
    return lines
