"""The options of the command line, and what ``--help`` says."""

from __future__ import annotations

import argparse
from pathlib import Path

from .checks import FIELDS
from .errors import LoadError

_DESCRIPTION = """\
Load a file of purchases into an Odoo database as customers and confirmed sale orders.

FILE is text (CSV and the like), Excel (.xlsx) or Parquet, packed by gzip or not; or one of the
public data sets cdnow, cdnow-sample and completejourney, fetched when first used. With nothing
but a FILE its columns are shown, what each seems to hold, and a command ready to run.
"""

_EPILOG = """\
Each row becomes an order of one line; with --order, rows of the same order and customer become
one order, and what only its first row says (date, status …) counts for all. Orders have no taxes
and no deliveries: their product is a service. Returns, with pieces or an amount below zero, are
negative lines of their own order. A date without a time is noon of that day in the company's
zone, a time without a zone is the company's. Both decimal marks, signs of currencies, (12.00)
and many forms of dates are read; where a column can be read in two ways, you are asked.

Nothing is loaded unless every row is good, or --skip-bad leaves bad ones out, which are then
written to a file. Before that a second look asks about dates, statuses, currencies, sums and
earlier loads that look wrong; --yes loads in spite of it.

Loading a file again adds only what is new, under another name, with other spellings of ids and
on another day too: an order is known by its number, or by what its row says, and its customer;
a customer by reference or e-mail address. An order changed in Odoo since is left alone.

exit code: 0 all rows are loaded; 1 nothing was loaded; 2 some rows were left out as bad, or some
orders could not be taken back; 130 interrupted, nothing was loaded

examples:
  %(prog)s sales.csv
  %(prog)s cdnow --shift -d demo
  %(prog)s shop.csv -d demo --email Email --order Name --date "Created at" \\
      --price "Lineitem price" --quantity "Lineitem quantity" \\
      --status "Financial Status" --leave-out refunded
  %(prog)s cards.csv -d demo --customer Card --date Year+Month+Day+Time --amount Amount
  %(prog)s -d demo --undo sales
"""

# Options that change which sums or days a file has, remembered with its label.
REMEMBERED = ("decimal", "date_format", "currency", "leave_out", "guest", "apart", "convert")


def parse(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of a call, or show them and exit."""
    parser = argparse.ArgumentParser(
        prog="load-orders",
        usage="%(prog)s FILE [-d DB] [options]\n       %(prog)s -d DB --undo LABEL",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("source", metavar="FILE", nargs="?", help="a file, or a data set's name")
    parser.add_argument("-d", "--database", metavar="DB", help="the database to load into")
    _add_columns(parser)
    _add_reading(parser)
    _add_loading(parser)
    options = parser.parse_args(arguments)
    if options.undo:
        if options.source or not options.database:
            parser.error("--undo takes a label and -d DB, and no file")
    elif not options.source:
        parser.error("say which FILE to load")
    return options


def _add_columns(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(
        "columns", "names in any case, or positions from 1; the data sets bring their own"
    )
    for name, text in (
        ("customer", "the customer's id; or give --email"),
        ("email", "the customer's e-mail address, the id of rows without one"),
        ("name", "the customer's name (default: Customer and the id)"),
        ("date", "the day, or day and time; several columns as DAY+TIME or YEAR+MONTH+DAY"),
        ("amount", "what was paid for the row, untaxed"),
        ("price", "instead of --amount: the price of one, times --quantity"),
        ("quantity", "how many were bought (default: 1)"),
        ("order", "the order that a row belongs to"),
        ("product", "the product's code or name"),
        ("status", "what tells cancelled rows from others; see --leave-out"),
    ):
        group.add_argument(f"--{name}", metavar="COLUMN", help=text)
    group.add_argument(
        "--leave-out",
        metavar="VALUE",
        action="append",
        help="a value of --status whose rows are no purchases; give it for each",
    )
    group.add_argument(
        "--currency",
        metavar="COLUMN|CODE",
        help="the column with the currency's code, or the one currency of the file",
    )
    group.add_argument(
        "--ignore",
        metavar="COLUMN",
        action="append",
        default=[],
        help="a column of statuses or currencies not used on purpose",
    )


def _add_reading(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("reading", "found out where possible")
    group.add_argument(
        "--separator",
        metavar="CHARACTER",
        help="between columns; also 'tab', or 'space' for any white space",
    )
    group.add_argument("--encoding", metavar="NAME", help="such as cp1252, utf-16 or gb18030")
    group.add_argument("--sheet", metavar="NAME", help="of an Excel file (default: the first)")
    group.add_argument("--no-quotes", action="store_true", help='a " is a letter as any other')
    group.add_argument(
        "--no-header", action="store_true", help="the first line is a purchase already"
    )
    group.add_argument(
        "--decimal",
        choices=[".", ","],
        metavar="MARK",
        help=". or , makes the fraction, where 1.234 could be both",
    )
    group.add_argument(
        "--date-format",
        metavar="FORMAT",
        help="day-first or month-first, or as for strptime, such as %%d.%%m.%%Y",
    )


def _add_loading(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("loading")
    group.add_argument(
        "--company", metavar="COMPANY", help="name or id (default: the database's first)"
    )
    group.add_argument(
        "--label",
        metavar="LABEL",
        help="what the load is taken back by (default: the name of the file or data set)",
    )
    group.add_argument(
        "--apart",
        metavar="NAME",
        help="numbers of customers, orders and products are this source's own: those of other "
        "sources are others'",
    )
    group.add_argument(
        "--guest", metavar="NAME", help="rows without a customer are purchases of one contact"
    )
    group.add_argument(
        "--shift",
        action="store_true",
        help="move all dates by whole days so that the last purchase is today",
    )
    group.add_argument(
        "--convert", action="store_true", help="other currencies, by Odoo's rates of their days"
    )
    group.add_argument("--skip-bad", action="store_true", help="load the good rows nevertheless")
    group.add_argument(
        "--rejected",
        type=Path,
        metavar="FILE",
        help="where bad rows are written (default with --skip-bad: LABEL-rejected.csv)",
    )
    group.add_argument("--yes", action="store_true", help="load in spite of what looks wrong")
    group.add_argument("--dry-run", action="store_true", help="check and count, load nothing")
    group.add_argument(
        "--undo",
        metavar="LABEL",
        help="take back what was loaded; orders invoiced or changed since are listed and stay",
    )


def check_columns(columns: dict[str, str]) -> None:
    """Make sure that the fields of a purchase are all there.

    :param columns: field → column
    :raises LoadError: when one is missing, or one too many
    """
    assert set(columns) <= set(FIELDS)
    missing = []
    if "customer" not in columns and "email" not in columns:
        missing.append("--customer")
    if "date" not in columns:
        missing.append("--date")
    if "amount" not in columns and "price" not in columns:
        missing.append("--amount or --price")
    if missing:
        raise LoadError(f"say which columns to read: {', '.join(missing)} missing")
    if "amount" in columns and "price" in columns:
        raise LoadError("give --amount, what a row was sold for, or --price, of one; not both")
    if "price" in columns and "quantity" not in columns:
        raise LoadError("--price is of one: say with --quantity how many were bought")
