"""Runs every test: the add-ons' own inside Odoo, then the repository's."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator

from . import databases
from .addons import all_addons
from .cache import CHECKOUT, Cache
from .errors import one_message
from .progress import say
from .templates import ALONE, in_use, is_in_use, test_template, test_template_alone

TEMPLATE_VARIABLE = "ODOO_ADDONS_TEST_TEMPLATE"
RUN_VARIABLE = "ODOO_ADDONS_TEST_RUN"

_RUN = "odoo_addons_run_"
_NOTHING_COLLECTED = 5
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
    template = test_template()
    paths, options = _split(arguments)
    inside = [path for path in paths if _is_below(path, "addons")]
    outside = [path for path in paths if path not in inside]
    codes = []
    with in_use(template):
        if not paths:
            # One process keeps one core busy; two of them and the database server keep two.
            with _test_alone(run, options) as finish_alone:
                codes.append(_test_addons(run, template, inside, options))
                codes.append(finish_alone())
        elif inside:
            codes.append(_test_addons(run, template, inside, options))
        if outside or not paths:
            codes.append(_test_repository(run, template, outside, options))
    failed = [code for code in codes if code not in (0, _NOTHING_COLLECTED)]
    if failed:
        return failed[0]
    return 0 if 0 in codes else _NOTHING_COLLECTED


def _test_addons(run: str, template: str, paths: list[str], options: list[str]) -> int:
    """Run the add-ons' tests in a copy of the template; return pytest's exit code."""
    folders = [folder / "tests" for folder in all_addons()]
    targets = paths or [str(folder) for folder in folders if folder.is_dir()]
    if not targets:
        return _NOTHING_COLLECTED
    say("Tests of the add-ons, inside Odoo")
    return _pytest_inside_odoo(f"{run}_addons", template, targets, options)


@contextlib.contextmanager
def _test_alone(run: str, options: list[str]) -> Iterator[Callable[[], int]]:
    """Run one add-on's tests where nothing else is installed, beside what is done meanwhile.

    Gives what waits for them, shows what they printed and returns pytest's exit code
    """
    template = test_template_alone()
    with in_use(template), tempfile.TemporaryFile() as output:
        arguments = _prepare_inside_odoo(
            f"{run}_alone", template, [f"addons/{ALONE}/tests"], options
        )
        command, environment = _prepare_pytest(arguments, {})
        process = subprocess.Popen(
            command, cwd=CHECKOUT, env=environment, stdout=output, stderr=subprocess.STDOUT
        )

        def finish() -> int:
            code = process.wait()
            say(f"Tests of {ALONE} with nothing beside it")
            output.seek(0)
            shutil.copyfileobj(output, sys.stdout.buffer)
            sys.stdout.flush()
            return code

        try:
            yield finish
        finally:
            process.terminate()
            process.wait()


def _pytest_inside_odoo(
    database: str, template: str, targets: list[str], options: list[str]
) -> int:
    """Run tests inside Odoo in a copy of a template; return pytest's exit code."""
    return _pytest(_prepare_inside_odoo(database, template, targets, options), {})


def _prepare_inside_odoo(
    database: str, template: str, targets: list[str], options: list[str]
) -> list[str]:
    """Copy a template; return pytest's arguments for tests inside Odoo in the copy."""
    databases.clone(template, database)
    return [*targets, f"--odoo-database={database}", "--odoo-http", *options]


def _test_repository(run: str, template: str, paths: list[str], options: list[str]) -> int:
    """Run the tests in tests/; return pytest's exit code."""
    say("Tests of the repository")
    # pytest-odoo would want a database for tests that are not inside Odoo.
    return _pytest(
        ["-p", "no:odoo", *(paths or ["tests"]), *options],
        {TEMPLATE_VARIABLE: template, RUN_VARIABLE: run},
    )


def _pytest(arguments: list[str], variables: dict[str, str]) -> int:
    """Run pytest in the checkout; return its exit code."""
    command, environment = _prepare_pytest(arguments, variables)
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode


def _prepare_pytest(
    arguments: list[str], variables: dict[str, str]
) -> tuple[list[str], dict[str, str]]:
    """Return pytest's command and variables, with what it notes for itself in the cache."""
    cache = Cache.of_checkout()
    command = [sys.executable, "-m", "pytest", "-o", f"cache_dir={cache.path('pytest')}"]
    environment = {
        **os.environ,
        "HYPOTHESIS_STORAGE_DIRECTORY": str(cache.path("hypothesis")),
        **variables,
    }
    return [*command, *arguments], environment


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
