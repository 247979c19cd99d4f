"""Checks of the code: style, Odoo's conventions, what OCA asks of add-ons, and well-formed XML.

``.pre-commit-config.yaml`` names the same checks.
"""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable

from .addons import ADDONS, all_addons
from .cache import CHECKOUT, Cache
from .errors import SetupError, one_message
from .progress import say


@one_message
def main(arguments: list[str]) -> int:
    """Run all checks, or those that are named; return 0 when none has anything to say."""
    if unknown := set(arguments) - CHECKS.keys():
        raise SetupError(f"No such check: {', '.join(sorted(unknown))}. There are: {[*CHECKS]}")
    passed = {name: CHECKS[name]() for name in arguments or CHECKS}
    for name, has_passed in passed.items():
        print(f"{'passed' if has_passed else 'FAILED'}  {name}")
    return 0 if all(passed.values()) else 1


def _module(name: str, *arguments: str) -> bool:
    say(f"{name} {' '.join(arguments)}")
    cache = Cache.of_checkout()
    environment = {
        **os.environ,
        "RUFF_CACHE_DIR": str(cache.path("ruff")),
        "PYLINTHOME": str(cache.path("pylint")),
    }
    command = [sys.executable, "-m", name, *arguments]
    return subprocess.run(command, cwd=CHECKOUT, env=environment, check=False).returncode == 0


def _check_xml() -> bool:
    """Parse every XML file of the add-ons; print what is wrong with the others."""
    correct = True
    for path in sorted(ADDONS.rglob("*.xml")):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            print(f"{path.relative_to(CHECKOUT)}: {error}")
            correct = False
    return correct


def _addons() -> list[str]:
    return [str(folder.relative_to(CHECKOUT)) for folder in all_addons()]


def _translations() -> list[str]:
    paths = [path for folder in all_addons() for path in folder.glob("i18n/*.po*")]
    return [str(path.relative_to(CHECKOUT)) for path in sorted(paths)]


CHECKS: dict[str, Callable[[], bool]] = {
    "ruff": lambda: _module("ruff", "check"),
    "ruff-format": lambda: _module("ruff", "format", "--check"),
    "pylint-odoo": lambda: _module("pylint", *_addons()),
    # What they are told to leave out stands in .oca_hooks.cfg.
    "oca-checks-odoo-module": lambda: _module("oca_pre_commit_hooks.cli", *_addons()),
    "oca-checks-po": lambda: _module("oca_pre_commit_hooks.cli_po", *_translations()),
    "xml": _check_xml,
    "readmes": lambda: _module("environment.readmes", "--check"),
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
