"""The command line: read the arguments, check, load, and tell what happened."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from . import doubts
from .amounts import choose_decimal, marks_in
from .arguments import REMEMBERED, check_columns, parse
from .checks import FIELDS, Purchase, RowChecker
from .dates import DAY_FIRST, MONTH_FIRST, DateEvidence, evidence_of
from .errors import BadRowError, LoadError
from .labels import Labels, Reading, digest_of
from .look import describe
from .presets import PRESETS, Preset, fetch
from .progress import Progress
from .reading import Options, Source
from .refusals import SHOWN_IN_FULL, Refusals
from .report import report

ALL_GOOD, NOTHING_DONE, SOME_LEFT, INTERRUPTED = 0, 1, 2, 130

_NUMBERS = ("amount", "price", "quantity")
_FILLED_BY_ORDER = ("customer", "name", "email", "date", "status", "currency")
_MOST_STATUSES = 1_000
_SAMPLED = 10_000
_CUSTOMER = "Customer"


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit code."""
    options = parse(arguments)
    progress = Progress()
    try:
        if options.undo:
            return _undo(options, progress)
        return _Run(options, progress).run()
    except LoadError as error:
        progress.say(f"load-orders: {error}")
        return NOTHING_DONE
    except OSError as error:
        progress.say(f"load-orders: {error}")
        return NOTHING_DONE
    except KeyboardInterrupt:
        progress.say("load-orders: interrupted; nothing was loaded")
        return INTERRUPTED


def _undo(options: argparse.Namespace, progress: Progress) -> int:
    from .database import open_environment

    with open_environment(options.database, progress.say) as env:
        from .companies import books_of
        from .undo import undo

        books = books_of(env, options.company)
        with progress.step(f"taking back {options.undo}"):
            undone = undo(books, options.undo)
            if not options.dry_run:
                env.cr.commit()
        currency = books.company.currency_id
        amount = f"{undone.amount:,.{currency.decimal_places}f} {currency.name}"
    verb = "would be taken back" if options.dry_run else "taken back"
    with _readers_may_leave():
        print(
            f"{options.undo}: {undone.orders:,} orders {verb} "
            f"({amount}), "
            f"{undone.customers:,} customers and {undone.products:,} products with them"
        )
        if undone.kept_customers or undone.kept_products:
            print(
                f"{undone.kept_customers:,} customers and {undone.kept_products:,} products of "
                "the load are in use and stay"
            )
        for name, reason in undone.left[:SHOWN_IN_FULL]:
            print(f"  {name} stays: {reason}")
        for reason, count in undone.reasons.most_common():
            print(f"{count:,} orders stay: {reason}")
    return SOME_LEFT if undone.left else ALL_GOOD


@dataclass
class _Run:
    """One call of the program with a file."""

    options: argparse.Namespace
    progress: Progress
    preset: Preset | None = None
    columns: dict[str, str] = field(default_factory=dict)
    date_order: str = ""
    doubts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def run(self) -> int:
        options = self.options
        self.preset = PRESETS.get(options.source)
        path, names_path = self.files()
        reading = Options(
            options.separator,
            options.encoding,
            options.sheet,
            self.preset.header if self.preset else not options.no_header,
            not options.no_quotes,
        )
        self.columns = dict(self.preset.columns) if self.preset else {}
        for name in FIELDS:
            if name != "currency" and (column := getattr(options, name)) is not None:
                self.columns[name] = column
        with ExitStack() as stack:
            with self.progress.step(f"reading {path.name}"):
                source = stack.enter_context(Source(path, reading))
            if not options.database:
                if self.preset:
                    raise LoadError("say with -d which database to load into")
                print(describe(source, options.source))
                return ALL_GOOD
            try:
                check_columns(self.columns)
            except LoadError as error:
                print(describe(source, options.source))
                raise LoadError(error) from None
            for column in self.columns.values():
                source.positions(column)
            # Odoo is slow to import: whatever else can be wrong is said before.
            from .database import open_environment

            env = stack.enter_context(open_environment(options.database, self.progress.say))
            return self.load(env, source, names_path)

    def files(self) -> tuple[Path, Path | None]:
        """Return the file of purchases, and the one with names of products if there is one."""
        if self.preset is None:
            path = Path(self.options.source)
            if not path.is_file():
                reason = "is not a file" if path.exists() else "does not exist"
                raise LoadError(
                    f"{path} {reason}; the data sets known by name are: {', '.join(PRESETS)}"
                )
            return path, None
        if self.preset.product_file is None:
            return fetch(self.preset.file)[0], None
        path, names_path = fetch(self.preset.file, self.preset.product_file)
        return path, names_path

    def load(self, env, source: Source, names_path: Path | None) -> int:
        from .companies import books_of
        from .currencies import Rates
        from .load import write
        from .staging import Staging

        options, started = self.options, time.monotonic()
        label = self.label(source.path)
        books = books_of(env, options.company)
        rates = Rates(books, self.currency(source), options.convert)
        checker = self.checker(source, books, rates)
        apart = options.apart or (options.source if self.preset else "")
        staging = Staging(books, rates, apart, by_order="order" in self.columns)
        refusals = Refusals(source, self.progress, self.rejected(label))
        for number, reason, text in source.unreadable:
            refusals.add(number, BadRowError(reason), text)
        good = 0
        positions = {name: source.positions(column) for name, column in self.columns.items()}
        with self.progress.reading(f"checking {source.path.name}", source.total, "rows") as bar:
            for batch in _batches(source, positions, checker, refusals):
                good += len(batch)
                staging.add(batch)
                bar.update(len(batch))
        sums = [] if options.yes or self.preset else staging.sums()
        for number in sums:
            refusals.add(number, BadRowError("the sum of all other rows, no purchase"))
        staging.remove(sums)
        good -= len(sums)
        self.doubts += rates.check()
        if names_path:
            staging.add_product_names(_product_names(names_path, self.preset.product_columns))
        refusals.finish()
        with self.progress.step("comparing with what is there"):
            comparison = staging.compare(options.shift)
        memory = Labels(books.company)
        how = self.how(source)
        self.look_again(env, source, books, rates, staging, comparison)
        self.doubts += memory.doubts(label, how)
        code = self.decide(good, refusals)
        if code in (ALL_GOOD, SOME_LEFT) and not options.dry_run:
            prefix = self.preset.customer_prefix if self.preset else _CUSTOMER
            write(books, comparison, label, prefix + " ", self.progress.step)
            memory.remember(label, how)
            env.cr.commit()
        done = code != NOTHING_DONE and not options.dry_run
        with _readers_may_leave():
            print(report(label, good, refusals, checker, staging, comparison, done))
            print(f"{time.monotonic() - started:.1f} seconds")
        return code

    def label(self, path: Path) -> str:
        name = path.name.removesuffix(".gz").rpartition(".")[0] or path.name
        label = self.options.label or (self.options.source if self.preset else name)
        label = label.strip()
        if not label or not label.isprintable():
            raise LoadError("the label must be a word or a few")
        return label

    def rejected(self, label: str) -> Path | None:
        if self.options.rejected or not self.options.skip_bad:
            return self.options.rejected
        return Path(f"{label.replace('/', '-')}-rejected.csv")

    def currency(self, source: Source) -> str:
        """Return the one currency that the options name; a column is noted among the others."""
        given = self.options.currency
        if given is None:
            return ""
        try:
            source.position(given)
        except LoadError:
            if len(given) == 3 and given.isalpha():
                return given.upper()
            raise
        self.columns["currency"] = given
        return ""

    def checker(self, source: Source, books, rates) -> RowChecker:
        """Find out how the file writes numbers and dates; return what checks its rows.

        :raises LoadError: when numbers can be read in two ways
        """
        options = self.options
        if "order" in self.columns:
            filled = [
                position
                for name in _FILLED_BY_ORDER
                if name in self.columns
                for position in source.positions(self.columns[name])
            ]
            source.complete_orders(source.position(self.columns["order"]), filled)
        numbers = {name: self.columns[name] for name in _NUMBERS if name in self.columns}
        if options.decimal:
            decimals = dict.fromkeys(numbers, options.decimal)
        else:
            marks = {
                column: marks_in(source.values(source.positions(column)))
                for column in numbers.values()
            }
            chosen = choose_decimal(marks)
            decimals = {name: chosen[column] for name, column in numbers.items()}
        column = self.columns["date"]
        date_format, evidence = options.date_format, DateEvidence(has_time=True)
        if date_format in (None, DAY_FIRST, MONTH_FIRST):
            evidence = evidence_of(source.values(source.positions(column)))
            if date_format is None:
                _ask_other_dates(source, evidence)
                self.doubts += doubts.of_dates(evidence, column)
                date_format = self.order_of(evidence, column)
            if evidence.either or evidence.day_first or evidence.month_first:
                self.date_order = date_format
        left_out = {value.strip().casefold() for value in options.leave_out or ()}
        if left_out and "status" not in self.columns:
            raise LoadError("--leave-out needs --status, the column that has the values")
        if "status" in self.columns:
            counts = source.counts(source.position(self.columns["status"]), _MOST_STATUSES)
            self.doubts += doubts.of_status(self.columns["status"], counts, left_out)
        return RowChecker(
            tuple(self.columns),
            books.timezone,
            decimals,
            date_format,
            evidence.has_time,
            left_out,
            options.guest or "",
            rates.signs(),
        )

    def order_of(self, evidence: DateEvidence, column: str) -> str:
        if evidence.day_first and evidence.month_first:
            raise LoadError(
                f"column {column!r} has {evidence.day_first!r} as well as "
                f"{evidence.month_first!r}: say --date-format day-first or --date-format "
                "month-first; dates of the other order are then refused where they show it"
            )
        return MONTH_FIRST if evidence.month_first else DAY_FIRST

    def how(self, source: Source) -> Reading:
        """Return what of this call decides about sums and days."""
        columns = {
            name: "+".join(source.columns[position] for position in source.positions(column))
            for name, column in self.columns.items()
        }
        options = {
            name: str(value) for name in REMEMBERED if (value := getattr(self.options, name))
        }
        if "currency" in columns:
            options.pop("currency", None)
        if self.date_order:
            options["date_format"] = self.date_order
        return Reading(columns, options, digest_of(source.path))

    def look_again(self, env, source: Source, books, rates, staging, comparison) -> None:
        """Collect what is probably not what was meant."""
        self.notes += source.notes
        today = staging.today()
        if comparison.last_day is None:
            return
        if not self.preset:
            used = [p for column in self.columns.values() for p in source.positions(column)]
            ignored = [source.position(column) for column in self.options.ignore]
            own = books.company.currency_id.name
            if self.options.currency:
                own = rates.default
            self.doubts += doubts.of_unused_columns(source, used, ignored, rates.codes, own)
            self.doubts += doubts.of_amount(self.columns)
            self.doubts += doubts.of_days(comparison.first_day, comparison.last_day, today)
            self.doubts += doubts.of_before(
                comparison.same_days, comparison.orders, comparison.different
            )
        if "customer.tier.policy" in env:
            policy = env["customer.tier.policy"].search(
                [("company_id", "=", books.company.root_id.id)], limit=1
            )
            if policy:
                self.notes += doubts.about_age(comparison.last_day, today, policy.window_months)

    def decide(self, good: int, refusals: Refusals) -> int:
        """Say what stands against loading; return the exit code that follows."""
        for note in self.notes:
            self.progress.say(f"note: {note}")
        for doubt in self.doubts:
            self.progress.say(f"{'in spite of this' if self.options.yes else 'look'}: {doubt}")
        if not good:
            self.progress.say("load-orders: there is nothing to load")
            return NOTHING_DONE
        stopped = False
        if refusals.count and not self.options.skip_bad:
            self.progress.say(
                f"load-orders: {refusals.count:,} rows cannot be loaded: mend them, or load the "
                "others with --skip-bad; nothing was loaded"
            )
            stopped = True
        if self.doubts and not self.options.yes:
            self.progress.say(
                "load-orders: answer what looks wrong above with its options, or load in spite of "
                "it with --yes; nothing was loaded"
            )
            stopped = True
        if stopped:
            return NOTHING_DONE
        return SOME_LEFT if refusals.count else ALL_GOOD


def _ask_other_dates(source: Source, evidence: DateEvidence) -> None:
    """Have other columns of dates say which of day and month comes first, where none does."""
    if not evidence.either or evidence.day_first or evidence.month_first:
        return
    for texts in zip(*source.sample(_SAMPLED), strict=True):
        other = evidence_of({text.strip() for text in texts if text})
        if other.bad or not other.good or bool(other.day_first) == bool(other.month_first):
            continue
        evidence.day_first, evidence.month_first = other.day_first, other.month_first
        return


def _batches(
    source: Source,
    positions: dict[str, tuple[int, ...]],
    checker: RowChecker,
    refusals: Refusals,
) -> Iterator[list[tuple[int, Purchase]]]:
    """Yield the good rows in batches, with their numbers."""
    for rows in source.rows(list(positions.values())):
        batch: list[tuple[int, Purchase]] = []
        for number, *cells in rows:
            try:
                purchase = checker.check(cells)
            except BadRowError as fault:
                refusals.add(number, fault)
                continue
            if purchase is None:
                refusals.passed_over += 1
            else:
                batch.append((number, purchase))
        yield batch


def _product_names(path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """Yield code and name of the products in a file; the name is the first column filled in.

    :param columns: the code's, then those to take a name from, the best first
    """
    with Source(path) as source:
        for rows in source.rows([source.positions(column) for column in columns]):
            for _number, code, *names in rows:
                name = next((name.strip() for name in names if name and name.strip()), "")
                if code and name:
                    yield code, name


@contextmanager
def _readers_may_leave() -> Iterator[None]:
    """Keep the work that is done when whoever reads its report stops reading."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


if __name__ == "__main__":
    sys.exit(main())
