"""The commands behind the Makefile: ``python3 -m environment COMMAND ARGUMENTS…``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from . import demo, run_python
from .cache import Cache
from .database_server import wants_embedded
from .embedded_postgres import EmbeddedPostgres
from .errors import SetupError, one_message
from .progress import say
from .project import set_up
from .python_packages import PythonPackages


def main(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    commands = {
        "setup": _set_up,
        "demo": lambda rest: run_python(["-m", "environment.demo", *rest]),
        "test": lambda rest: run_python(["-m", "environment.testing", *rest], testing=True),
        "lint": lambda rest: run_python(["-m", "environment.linting", *rest], testing=True),
        "bench": lambda rest: run_python(["-m", "environment.benchmarks", *rest], testing=True),
        "python": lambda rest: run_python(rest, testing=True),
        "stop": _stop,
        "clean": _clean,
    }
    name, *rest = arguments or ["help"]
    if name not in commands:
        print(f"usage: python3 -m environment {{{','.join(commands)}}} …", file=sys.stderr)
        return 2
    return commands[name](rest)


@one_message
def _set_up(_arguments: list[str]) -> int:
    """Set everything up, the tools of the tests included."""
    project = set_up(testing=True)
    say(f"Ready: {project.python}")
    return 0


@one_message
def _stop(_arguments: list[str]) -> int:
    """End the demo and the embedded database."""
    _stop_all(Cache.of_checkout())
    return 0


@one_message
def _clean(_arguments: list[str]) -> int:
    """End everything and remove all that was made, databases on a server of the user's too."""
    cache = Cache.of_checkout()
    if not cache.root.exists():
        say("Nothing to remove")
        return 0
    if not wants_embedded():
        demo.stop(cache)
        _forget_databases()
    _stop_all(cache)
    _postgres(cache).remove_outside_files()
    cache.remove()
    say(f"Removed {cache.root}")
    return 0


def _stop_all(cache: Cache) -> None:
    say("Odoo ended" if demo.stop(cache) else "No Odoo was running in the background")
    stopped = _postgres(cache).stop()
    say("The embedded database ended" if stopped else "No embedded database was running")


def _postgres(cache: Cache) -> EmbeddedPostgres:
    return EmbeddedPostgres(cache, PythonPackages(cache).site_packages)


def _forget_databases() -> None:
    """Drop our databases on the server that the environment names."""
    command = [sys.executable, "-m", "environment", "python", "-m", "environment.databases"]
    if subprocess.run(command, cwd=Path(__file__).parent.parent, check=False).returncode:
        raise SetupError("The databases on the server could not be removed; see above.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
