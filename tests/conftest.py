"""What the repository's tests share."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import odoo_starter
import pytest

from environment.cache import CHECKOUT, Cache
from environment.testing import RUN_VARIABLE, TEMPLATE_VARIABLE


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes minutes, so that neither process is left alone with it at the end."""
    items.sort(key=lambda item: not getattr(item.module, "TAKES_MINUTES", False))


@pytest.fixture(autouse=True)
def _without_odoo() -> Iterator[None]:
    """Fail the test that imports Odoo: it changes how all later ones read numbers and times."""
    yield
    assert "odoo.sql_db" not in sys.modules, "Odoo belongs into a process of its own"


@pytest.fixture(scope="session")
def checkout() -> Path:
    """The root folder of the repository."""
    return CHECKOUT


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    """An empty cache folder."""
    cache = Cache(tmp_path / "cache")
    cache.prepare()
    return cache


@pytest.fixture
def run_program(checkout: Path) -> Callable[..., subprocess.CompletedProcess]:
    """Run a program of the checkout to its end, with other variables where given.

    ``run_program("bin/odoo", "--version", PGHOST="…")``; a variable of None is unset, and
    ``typed`` is what the program reads.
    """

    def run(
        program: str,
        *arguments: str,
        cwd: Path | None = None,
        typed: str = "",
        **variables: str | None,
    ):
        environment = {**os.environ, **variables}
        return subprocess.run(
            [str(checkout / program), *arguments],
            cwd=cwd or checkout,
            env={name: text for name, text in environment.items() if text is not None},
            input=typed,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )

    return run


@pytest.fixture(scope="session")
def run_name() -> str:
    """What the names of all databases begin with that are made for this run, and go with it."""
    return os.environ.get(RUN_VARIABLE, "odoo_addons_run_00000000")


@pytest.fixture
def clone_database(run_name: str) -> Iterator[Callable[..., str]]:
    """Make databases with both add-ons: ``clone_database(suffix="") -> name``.

    Each is a copy of the test template, without demo data, and is dropped after the test.
    """
    with _clones(run_name) as clone:
        yield clone


@pytest.fixture(scope="module")
def clone_shared_database(run_name: str) -> Iterator[Callable[..., str]]:
    """Make databases as :func:`clone_database` does, for all tests of a file."""
    with _clones(run_name) as clone:
        yield clone


@pytest.fixture(scope="module")
def clone_demo_database(run_name: str) -> Iterator[Callable[..., str]]:
    """Make databases as :func:`clone_shared_database` does, with the demo company."""
    from environment.templates import demo_template

    with _clones(run_name, demo_template()) as clone:
        yield clone


@contextlib.contextmanager
def _clones(run: str, template: str = "") -> Iterator[Callable[..., str]]:
    # psycopg2 and a server are needed only by tests that ask for a database.
    from environment import databases
    from environment.templates import test_template

    template = template or os.environ.get(TEMPLATE_VARIABLE) or test_template()

    with contextlib.ExitStack() as drops:

        def clone(suffix: str = "") -> str:
            name = "_".join(filter(None, [run, secrets.token_hex(3), suffix]))
            drops.callback(databases.drop, name)
            databases.clone(template, name)
            odoo_starter.TEMPLATES[name] = template
            return name

        yield clone
