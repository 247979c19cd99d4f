"""Runs every test: the add-ons' own inside Odoo, then the repository's."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from . import databases
from .addons import all_addons
from .cache import CHECKOUT, Cache
from .embedded_postgres import programs_folder
from .errors import one_message
from .progress import say
from .templates import base_template, demo_template, in_use, is_in_use, test_template

TEMPLATE_VARIABLE = "ODOO_ADDONS_TEST_TEMPLATE"
RUN_VARIABLE = "ODOO_ADDONS_TEST_RUN"

_RUN = "odoo_addons_run_"
_NOTHING_COLLECTED = 5
# Two processes, each with a copy of the database, take the next file as they get ready: in the
# order of conftest.py, long ones first, and not those of most tests first.
_SHARED_OUT = ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
# Options of pytest whose value is the next argument.
_WITH_VALUE = {"-c", "-k", "-m", "-n", "-o", "-p", "-r", "-W", "--deselect", "--ignore"}


@one_message
def main(arguments: list[str]) -> int:
    """Run the tests.

    :param arguments: for pytest; paths below addons/ or tests/ narrow the run to these
    :return: 0 when everything passed
    """
    signal.signal(signal.SIGTERM, _as_interrupt)
    _drop_stale()
    run = f"{_RUN}{secrets.token_hex(4)}"
    with in_use(run):
        try:
            return _run_all(run, arguments)
        finally:
            _drop_databases(run)


def _run_all(run: str, arguments: list[str]) -> int:
    paths, options = _split(arguments)
    inside = [path for path in paths if _is_below(path, "addons")]
    outside = [path for path in paths if path not in inside]
    codes = []
    base_template(with_demo=False)
    with ThreadPoolExecutor() as together:
        # Only the repository's tests visit the demo company: the add-ons' need not wait for it.
        told = together.submit(demo_template) if not paths else None
        template = test_template()
        with in_use(template):
            if inside or not paths:
                codes.append(_test_addons(run, template, inside, options))
            if told:
                told.result()
            if outside or not paths:
                codes.append(_test_repository(run, template, outside, options))
    failed = [code for code in codes if code not in (0, _NOTHING_COLLECTED)]
    if failed:
        return failed[0]
    return 0 if 0 in codes else _NOTHING_COLLECTED


def _test_addons(run: str, template: str, paths: list[str], options: list[str]) -> int:
    """Run the add-ons' tests in copies of the template; return pytest's exit code."""
    folders = [folder / "tests" for folder in all_addons()]
    targets = paths or [str(folder) for folder in folders if folder.is_dir()]
    if not targets:
        return _NOTHING_COLLECTED
    say("Tests of the add-ons, inside Odoo")
    database = f"{run}_addons"
    databases.clone(template, database)
    arguments = [f"--odoo-database={database}", "--odoo-http", *options]
    return _pytest([*([] if paths else _SHARED_OUT), *targets, *arguments], {})


def _test_repository(run: str, template: str, paths: list[str], options: list[str]) -> int:
    """Run the tests in tests/; return pytest's exit code."""
    say("Tests of the repository")
    # pytest-odoo would want a database for tests that are not inside Odoo.
    return _pytest(
        ["-p", "no:odoo", *([] if paths else _SHARED_OUT), *(paths or ["tests"]), *options],
        {TEMPLATE_VARIABLE: template, RUN_VARIABLE: run},
    )


def _pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the checkout, with what it notes for itself in the cache; return its code."""
    cache = Cache.of_checkout()
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache.path('pytest')}"]
    environment = {
        **os.environ,
        # Each process of pytest-xdist copies the database with PostgreSQL's own programs.
        "PATH": os.pathsep.join([os.environ.get("PATH", ""), str(programs_folder())]),
        "HYPOTHESIS_STORAGE_DIRECTORY": str(cache.path("hypothesis")),
        **variables,
    }
    command.extend(arguments)
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def _split(arguments: list[str]) -> tuple[list[str], list[str]]:
    """Return the paths among pytest's arguments, and the rest."""
    paths, options = [], []
    for before, text in zip(["", *arguments], arguments, strict=False):
        is_path = (CHECKOUT / text.partition("::")[0]).exists() and not text.startswith("-")
        (paths if is_path and before not in _WITH_VALUE else options).append(text)
    return paths, options


def _is_below(path: str, folder: str) -> bool:
    return (CHECKOUT / path.partition("::")[0]).resolve().is_relative_to(CHECKOUT / folder)


def _drop_databases(run: str) -> None:
    for name in databases.names(run):
        databases.drop(name)


def _drop_stale() -> None:
    """Drop what runs left behind that were killed."""
    for name in databases.names(_RUN):
        run = name[: len(_RUN) + 8]
        if not is_in_use(run):
            databases.drop(name)


def _as_interrupt(_number, _frame) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
