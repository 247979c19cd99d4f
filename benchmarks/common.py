"""What the benchmarks share: a database of their own, clocks and the table of results."""

from __future__ import annotations

import contextlib
import secrets
import statistics
import time
from collections.abc import Callable, Iterator

import odoo.init  # noqa: F401  (completes the namespace that add-ons import from)
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

from environment import databases
from environment.templates import in_use, test_template


@contextlib.contextmanager
def benchmark_database(suffix: str) -> Iterator[str]:
    """Give the name of a new database with the add-ons and no data; it is dropped afterwards."""
    run = f"odoo_addons_run_{secrets.token_hex(4)}"
    name = f"{run}_{suffix}"
    with in_use(run):
        databases.clone(test_template(), name)
        try:
            yield name
        finally:
            databases.drop(name)


@contextlib.contextmanager
def odoo_environment(database: str) -> Iterator[Environment]:
    """Give an environment of the superuser in a database; nothing is committed by itself."""
    config.parse_config(["-d", database, "--no-http"], setup_logging=False)
    with Registry(database).cursor() as cr:
        yield Environment(cr, SUPERUSER_ID, {})


def seconds(step: Callable[[], object]) -> float:
    """Return how long a step takes, by the wall clock."""
    start = time.perf_counter()
    step()
    return time.perf_counter() - start


def spread(times: list[float]) -> str:
    """Return the median of some times and their range, in seconds."""
    return f"{statistics.median(times):.2f} s ({min(times):.2f} to {max(times):.2f})"
