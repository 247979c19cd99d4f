"""The database that the demo serves."""

from __future__ import annotations

import subprocess
import sys

from . import databases
from .addons import code_fingerprint, installable_addons
from .cache import Cache
from .errors import SetupError
from .odoo_program import pregenerate_assets, update
from .progress import say
from .templates import base_template, clone_with, demo_template
from .tiers_table import finish_table, start_table


class DemoDatabase:
    """A database with the add-ons and either the demo company or real purchases."""

    def __init__(self, name: str, data: str) -> None:
        """Describe it.

        :param data: the purchases to load, or an empty text for the demo company
        """
        self.name = name
        self._data = data
        self._code = code_fingerprint()

    def is_current(self) -> bool:
        """Return whether the database is there and was made from the present code.

        :raises SetupError: when somebody else's database has the name
        """
        facts = databases.read_mark(self.name)
        if facts is None and databases.exists(self.name):
            raise SetupError(
                f"There is a database {self.name} that “make demo” did not make. "
                "Choose another name: make demo DATABASE=demo2"
            )
        if facts is not None and facts.get("data", "") != self._data:
            raise SetupError(
                f"The database {self.name} holds {facts['data'] or 'the demo company'}. "
                "Choose another name: make demo DATABASE=demo2"
            )
        return facts is not None and facts["code"] == self._code

    def make_current(self) -> None:
        """Make the database, or bring its add-ons up to the present code."""
        facts = {"data": self._data, "code": self._code}
        if databases.exists(self.name):
            say("The add-ons have changed")
            update(self.name, installable_addons(), f"Updating {self.name}")
            _evaluate(self.name)
            databases.mark(self.name, facts)
            return
        template = base_template(with_demo=False) if self._data else demo_template()
        with Cache.of_checkout().lock(f"database {self.name}"):
            databases.make(self.name, lambda new: self._build(template, new), facts)

    def _build(self, template: str, name: str) -> None:
        say(f"Making the database {self.name}")
        if not self._data:
            databases.clone(template, name)
            return
        clone_with(template, name, installable_addons())
        _load(self._data, name)
        _evaluate(name)
        pregenerate_assets(name)


def _evaluate(database: str) -> None:
    """Tier the customers."""
    if table := start_table(database, evaluate=True):
        say("Tiering the customers")
        finish_table(table)


def _load(data: str, database: str) -> None:
    """Fill the database with real purchases.

    :raises SetupError: when that fails; the program has said why
    """
    say(f"Loading the purchases of {data}")
    command = [sys.executable, "-m", "order_import", data, "--shift", "-d", database]
    if subprocess.run(command, check=False).returncode:
        raise SetupError(f"Loading the purchases of {data} failed.")
