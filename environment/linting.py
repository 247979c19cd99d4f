"""Checks of the code: style, Odoo's conventions, and well-formed XML."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

from .addons import ADDONS, all_addons
from .cache import CHECKOUT, Cache
from .errors import one_message
from .progress import say


@one_message
def main() -> int:
    """Run all checks; return 0 when none has anything to say."""
    addons = [str(folder.relative_to(CHECKOUT)) for folder in all_addons()]
    checks = {
        "ruff": _module("ruff", "check"),
        "ruff format": _module("ruff", "format", "--check"),
        "pylint with Odoo's rules": _module("pylint", *addons) if addons else True,
        "XML is well-formed": _check_xml(),
        "readme pages are up to date": _module("environment.readmes", "--check"),
    }
    for name, passed in checks.items():
        print(f"{'passed' if passed else 'FAILED'}  {name}")
    return 0 if all(checks.values()) else 1


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


if __name__ == "__main__":
    sys.exit(main())
