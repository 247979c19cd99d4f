"""What the benchmarks share: a database of their own, clocks and the table of results."""

from __future__ import annotations

import contextlib
import os
import secrets
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import odoo.init  # noqa: F401  (completes the namespace that add-ons import from)
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

from benchmarks.generator import fill
from environment import databases
from environment.templates import bare_test_template, in_use, test_template


@contextlib.contextmanager
def benchmark_database(suffix: str, *, bare: bool = False) -> Iterator[str]:
    """Give the name of a new database without data; it is dropped afterwards.

    :param bare: without the add-ons, but with what they are tested beside
    """
    run = f"odoo_addons_run_{secrets.token_hex(4)}"
    name = f"{run}_{suffix}"
    with in_use(run):
        databases.clone(bare_test_template() if bare else test_template(), name)
        try:
            yield name
        finally:
            databases.drop(name)


@contextlib.contextmanager
def generated_database(customers: int) -> Iterator[str]:
    """Give the name of a new database with made-up customers and documents; dropped afterwards."""
    with benchmark_database(f"generated_{customers}") as database:
        with odoo_environment(database) as env:
            print(f"Making {customers:,} customers")
            for table, rows in fill(env, customers).items():
                print(f"  {table:<28}{rows:>12,} rows")
        yield database


def sizes(*usual: int) -> list[int]:
    """Return the numbers of customers to measure with, ascending.

    They come from the command line, else from BENCH_CUSTOMERS (numbers with commas between),
    else they are the usual ones.
    """
    asked = sys.argv[1:] or [
        text for text in os.environ.get("BENCH_CUSTOMERS", "").split(",") if text
    ]
    try:
        return sorted(int(text) for text in asked) or list(usual)
    except ValueError:
        sys.exit(f"Numbers of customers are wanted, not {' '.join(asked)}")


@contextlib.contextmanager
def odoo_environment(database: str, *options: str) -> Iterator[Environment]:
    """Give an environment of the superuser in a database; what is done is committed at the end.

    :param options: of Odoo's program, in addition
    """
    config.parse_config(["-d", database, "--no-http", *options], setup_logging=False)
    with Registry(database).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})


def seconds(step: Callable[[], object]) -> float:
    """Return how long a step takes, by the wall clock."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def times(cr, step: Callable[[], object]) -> tuple[float, float]:
    """Return how long a step takes by the wall clock, and in processor time.

    :param cr: the cursor that it uses; see :func:`processor_clock`
    """
    worked = processor_clock(cr)
    before = worked()
    wall = seconds(step)
    return wall, worked() - before


def processor_clock(cr) -> Callable[[], float]:
    """Return a function that says how many seconds PostgreSQL's process and this one worked.

    What parallel workers do is not in it. Where it is not told, the wall's clock.
    """
    cr.execute("SELECT pg_backend_pid()")
    told = Path(f"/proc/{cr.fetchone()[0]}/stat")
    if "postgres" not in (told.read_text() if told.exists() else ""):
        return time.perf_counter
    tick = os.sysconf("SC_CLK_TCK")

    def worked():
        user, system = told.read_text().rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / tick + time.process_time()

    return worked


def spread(times: list[float]) -> str:
    """Return the median of some times and their range, in seconds."""
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"


class Limits:
    """What was measured against what is allowed, printed line by line."""

    def __init__(self):
        self.missed = []

    def at_most(self, label: str, value: float, limit: float, unit: str = "") -> None:
        """Judge a figure that must not exceed its limit."""
        self._judge(label, value, value <= limit, f"at most {limit:g}", unit)

    def at_least(self, label: str, value: float, limit: float, unit: str = "") -> None:
        """Judge a figure that must reach its limit."""
        self._judge(label, value, value >= limit, f"at least {limit:g}", unit)

    def exit_code(self) -> int:
        """Name the limits that were missed; return 0 when none was."""
        for line in self.missed:
            print(f"MISSED  {line}")
        return 1 if self.missed else 0

    def _judge(self, label, value, kept, limit, unit):
        figure = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
        line = f"{label:<44}{figure:>10} {unit} ({limit})"
        print(line)
        if not kept:
            self.missed.append(line)
