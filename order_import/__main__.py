"""The command line: read the arguments, check, load, and tell what happened."""

from __future__ import annotations

import argparse
import csv
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from .checks import BadRowError, Purchase, RowChecker
from .errors import LoadError
from .presets import PRESETS, Preset, fetch
from .progress import Progress
from .sources import Row, Source, open_source, product_names

ALL_GOOD, NOTHING_DONE, SOME_REFUSED, INTERRUPTED = 0, 1, 2, 130

SHOWN_IN_FULL = 20
BATCH = 20_000

_FIELDS = ("customer", "date", "quantity", "amount", "order", "product")
_REQUIRED = ("customer", "date", "amount")

_DESCRIPTION = """\
Load a file of purchases into an Odoo database as customers and confirmed sale orders.

SOURCE is a CSV, whitespace-separated or Parquet file, or one of the public data sets
cdnow, cdnow-sample and completejourney, which are fetched when first used.
"""

_EPILOG = """\
Each row becomes an order of one line; with --order, rows of the same order and customer become
one order. Orders have no taxes and no deliveries: their product is a service. Amounts are in
the company's currency. A date without a time is noon of that day in the company's time zone,
and a time without a zone is the company's local time.

Loading a file again adds only what is new, on another day and with other dates too: orders are
recognised by their customer reference, which begins with the label. An order changed in Odoo
since is left alone.

Refused are rows without a customer, a date or an amount, with a date that is none or outside
1900 to 2199, with numbers that are none or negative, and rows cut short. A row with neither
quantity nor amount is passed over; one that was paid for but says quantity 0 counts as 1.

exit code: 0 all rows were good; 1 nothing was loaded; 2 some rows were refused, the good ones
are loaded; 130 interrupted, nothing was loaded

examples:
  %(prog)s cdnow --shift -d demo
  %(prog)s sales.csv -d demo --customer Client --date Day --amount Total --date-format %%d.%%m.%%Y
  %(prog)s till.txt -d demo --no-header --customer 1 --date 2 --quantity 3 --amount 4
"""


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = _parse(arguments)
    progress = Progress()
    try:
        return _Run(options, progress).load()
    except LoadError as error:
        progress.say(f"load-orders: {error}")
        return NOTHING_DONE
    except OSError as error:
        progress.say(f"load-orders: {error}")
        return NOTHING_DONE
    except KeyboardInterrupt:
        progress.say("load-orders: interrupted; nothing was loaded")
        return INTERRUPTED


def _parse(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="load-orders",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="SOURCE", help="a file or the name of a data set")
    parser.add_argument(
        "-d", "--database", required=True, metavar="DB", help="the database to load into"
    )
    columns = parser.add_argument_group(
        "columns", "names, or positions from 1; the data sets bring their own"
    )
    columns.add_argument("--customer", metavar="COLUMN", help="the customer's id")
    columns.add_argument("--date", metavar="COLUMN", help="the day, or day and time, of purchase")
    columns.add_argument("--amount", metavar="COLUMN", help="what was paid for the row, untaxed")
    columns.add_argument("--quantity", metavar="COLUMN", help="how many were bought (default: 1)")
    columns.add_argument("--order", metavar="COLUMN", help="the order that a row belongs to")
    columns.add_argument("--product", metavar="COLUMN", help="the product's code or name")
    reading = parser.add_argument_group("reading")
    reading.add_argument(
        "--separator",
        metavar="CHARACTER",
        help="between columns; also 'tab' or 'space' for any white space "
        "(default: found in the first line)",
    )
    reading.add_argument(
        "--date-format",
        metavar="FORMAT",
        help="as for strptime, such as %%d.%%m.%%Y (default: 1997-01-31 or 19970131, "
        "with or without a time)",
    )
    reading.add_argument(
        "--no-header", action="store_true", help="the first line is a purchase already"
    )
    loading = parser.add_argument_group("loading")
    loading.add_argument(
        "--company", metavar="COMPANY", help="name or id (default: the database's first)"
    )
    loading.add_argument(
        "--label",
        metavar="LABEL",
        help="what this source's records are recognised by "
        "(default: the name of the data set or file)",
    )
    loading.add_argument(
        "--shift",
        action="store_true",
        help="move all dates by whole days so that the last purchase is today",
    )
    loading.add_argument("--dry-run", action="store_true", help="check and count, load nothing")
    loading.add_argument(
        "--rejected", type=Path, metavar="FILE", help="write all refused rows to this CSV file"
    )
    return parser.parse_args(arguments)


@dataclass
class _Run:
    """One call of the program."""

    options: argparse.Namespace
    progress: Progress

    def load(self) -> int:
        options, preset = self.options, PRESETS.get(self.options.source)
        started = time.monotonic()
        columns = self._columns(preset)
        path, names_path = self._files(preset)
        header = preset.header if preset else not options.no_header
        source = open_source(path, options.separator, header)
        for column in columns.values():
            source.position(column)
        label = (options.label or (options.source if preset else path.stem)).strip()
        if not label or not label.isprintable():
            raise LoadError("the label must be a word or a few")
        prefix = preset.customer_prefix if preset else label[:1].upper() + label[1:]
        with ExitStack() as stack:
            refusals = stack.enter_context(_Refusals(source, self.progress, options.rejected))
            # Odoo is slow to import: whatever else can be wrong is said before.
            from .database import open_environment

            env = stack.enter_context(open_environment(options.database, self.progress.say))

            from .companies import books_of
            from .load import write
            from .staging import Staging

            books = books_of(env, options.company)
            checker = RowChecker(tuple(columns), books.timezone, options.date_format)
            staging = Staging(books, label, by_order="order" in columns)
            good = 0
            with self.progress.reading(f"reading {path.name}", source.total, source.unit) as bar:
                rows = source.rows(list(columns.values()))
                for batch in _batches(rows, checker, refusals, bar.update):
                    good += len(batch)
                    staging.add(batch)
            if names_path:
                staging.add_product_names(
                    product_names(names_path, preset.product_columns[0], preset.product_columns[1:])
                )
            refusals.summarise()
            with self.progress.step("comparing with what is there"):
                comparison = staging.compare(options.shift)
            if not options.dry_run:
                write(books, comparison, prefix, self.progress.step)
                env.cr.commit()
            currency = books.company.currency_id
            try:
                self._report(label, good, refusals, checker, staging, comparison, currency, started)
                sys.stdout.flush()
            except BrokenPipeError:
                # The load is done; whoever read its report stopped reading.
                os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOME_REFUSED if refusals.count else ALL_GOOD

    def _columns(self, preset: Preset | None) -> dict[str, str]:
        """Return field → column, as asked for or as the data set has it."""
        columns = dict(preset.columns) if preset else {}
        for name in _FIELDS:
            if (column := getattr(self.options, name)) is not None:
                columns[name] = column
        missing = [f"--{name}" for name in _REQUIRED if name not in columns]
        if missing:
            raise LoadError(f"say which columns to read: {', '.join(missing)} missing (see --help)")
        return columns

    def _files(self, preset: Preset | None) -> tuple[Path, Path | None]:
        """Return the file of purchases, and the one with names of products if there is one."""
        if preset is None:
            path = Path(self.options.source)
            if not path.is_file():
                reason = "is not a file" if path.exists() else "does not exist"
                raise LoadError(
                    f"{path} {reason}; the data sets known by name are: {', '.join(PRESETS)}"
                )
            return path, None
        if preset.product_file is None:
            return fetch(preset.file)[0], None
        path, names_path = fetch(preset.file, preset.product_file)
        return path, names_path

    def _report(
        self, label, good, refusals, checker, staging, comparison, currency, started
    ) -> None:
        """Say on standard output what was done, in numbers that can be checked."""

        def money(amount: Decimal) -> str:
            return f"{amount:,.{currency.decimal_places}f} {currency.name}"

        print(
            f"{label}: {good + refusals.count + refusals.passed_over:,} rows read, "
            f"{good:,} good ({money(comparison.file_amount)}), {refusals.count:,} refused"
        )
        if refusals.passed_over:
            print(f"{refusals.passed_over:,} rows had neither quantity nor amount: passed over")
        if checker.zero_quantities:
            print(f"{checker.zero_quantities:,} rows were paid for but say quantity 0: taken as 1")
        if staging.rounded:
            print(
                f"{staging.rounded:,} amounts were rounded to {currency.name} "
                f"{staging.books.step}, by {staging.rounding_difference:f} in all"
            )
        verb = "would be added" if self.options.dry_run else "added"
        print(
            f"{comparison.customers:,} customers, {comparison.orders:,} orders {verb}, "
            f"{comparison.orders_before:,} were there already"
        )
        if comparison.extended:
            print(f"{comparison.extended:,} orders that were there have more lines in the file")
        if comparison.changed:
            print(
                f"{comparison.changed:,} orders differ from the file because they were changed "
                "in Odoo: left as they are"
            )
        if comparison.lines:
            print(
                f"{comparison.lines:,} order lines {verb}, {money(comparison.amount)}; "
                f"{comparison.products:,} products"
            )
        if comparison.first_day:
            moved = f" (moved by {comparison.shift_days:,} days)" if comparison.shift_days else ""
            print(f"purchases from {comparison.first_day} to {comparison.last_day}{moved}")
        print(f"{time.monotonic() - started:.1f} seconds")


class _Refusals:
    """Collects the rows that are refused and tells about them on standard error.

    ``count`` is how many there were, ``passed_over`` how many rows held nothing to load.
    """

    def __init__(self, source: Source, progress: Progress, path: Path | None):
        self.count = 0
        self.passed_over = 0
        self._source = source
        self._progress = progress
        self._path = path
        self._reasons: Counter[str] = Counter()
        self._file = self._writer = None

    def __enter__(self) -> _Refusals:
        if self._path is not None:
            if self._path.exists() and self._path.samefile(self._source.path):
                raise LoadError("the file of refused rows would overwrite the source")
            try:
                self._file = self._path.open("w", newline="", errors="backslashreplace")
            except OSError as error:
                raise LoadError(f"cannot write {self._path}: {error.strerror}") from None
            self._writer = csv.writer(self._file)
            self._writer.writerow([self._source.row_word, "reason", "cells"])
        return self

    def __exit__(self, *_exception) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, row: Row, fault: BadRowError) -> None:
        """Take note of a refused row."""
        self.count += 1
        self._reasons[fault.reason] += 1
        if self.count <= SHOWN_IN_FULL:
            self._progress.say(f"{self._source.row_word} {row.number}: {fault}")
        if self._writer is not None:
            self._writer.writerow([row.number, str(fault), *row.cells])

    def summarise(self) -> None:
        """Say how many rows were refused for which reason."""
        if not self.count:
            return
        if self.count > SHOWN_IN_FULL:
            self._progress.say(f"… and {self.count - SHOWN_IN_FULL:,} more")
        self._progress.say(f"{self.count:,} rows refused:")
        for reason, count in self._reasons.most_common():
            self._progress.say(f"  {count:>9,} × {reason}")


def _batches(
    rows: Iterator[Row], checker: RowChecker, refusals: _Refusals, advance
) -> Iterator[list[tuple[int, Purchase]]]:
    """Yield the good rows in batches, with their numbers."""
    batch: list[tuple[int, Purchase]] = []
    size = 0
    for row in rows:
        size += row.size
        try:
            if row.problem is not None:
                raise row.problem
            purchase = checker.check(row.cells)
        except BadRowError as fault:
            refusals.add(row, fault)
            continue
        if purchase is None:
            refusals.passed_over += 1
            continue
        batch.append((row.number, purchase))
        if len(batch) == BATCH:
            yield batch
            advance(size)
            batch, size = [], 0
    yield batch
    advance(size)


if __name__ == "__main__":
    sys.exit(main())
