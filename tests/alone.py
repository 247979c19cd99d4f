"""Installs an add-on alone, and each of its features alone with it, and takes them out again.

``python alone.py DATABASE DEPENDS CORE`` prints a line of JSON: what went wrong, and for how many
seconds each add-on was looked at. DEPENDS is JSON: what each of them depends on.
"""

from __future__ import annotations

import contextlib
import json
import logging
import sys
import time
from collections.abc import Iterator
from itertools import pairwise

import traces
import traffic

from odoo.addons.base.models.ir_module import IrModuleModule
from odoo.api import SUPERUSER_ID, Environment
from odoo.modules.registry import Registry
from odoo.tools import config

# What the database refuses is an exception as well, for whoever asked.
REFUSED = "odoo.sql_db"


class Alone(logging.Handler):
    """One database in which add-ons come and go.

    :param depends: what each of the add-ons depends on
    """

    def __init__(self, database: str, depends: dict[str, list[str]]):
        super().__init__(logging.ERROR)
        self._database = database
        self._depends = depends
        self.problems: list[str] = []
        self.seconds: dict[str, float] = {}
        self._of_others: set[str] = set()
        logging.getLogger().addHandler(self)

    def emit(self, record: logging.LogRecord) -> None:
        """Take an error in Odoo's log for a problem."""
        if record.name != REFUSED:
            self.problems.append(self.format(record))

    def learn_of_add_ons(self) -> None:
        """Let the database know of add-ons that are newer than it is."""
        with self._env() as env:
            env["ir.module.module"].update_list()
            # Odoo does not wait for who looks at this table, and PostgreSQL looks by itself.
            env.cr.execute("ALTER TABLE ir_module_module SET (autovacuum_enabled = FALSE)")
        # Each change of what is installed would read the hundreds of manifests anew.
        IrModuleModule.update_list = lambda _modules: [0, 0]

    def try_out(self, addon: str) -> None:
        """Install an add-on, then what builds on it; then take it out and look for traces."""
        begin = time.monotonic()
        with self._env() as env:
            models = set(env.registry)
        self._install_of_others(self._depends[addon])
        before = self._names()
        self._install([addon])
        self._look_at(addon, models)
        self.seconds[addon] = time.monotonic() - begin
        for feature in self._features_of(addon):
            self.try_out(feature)
        begin = time.monotonic()
        self._uninstall(addon)
        left = [*traces.what_came(before, self._names()), *self._query(traces.dangling)]
        self.problems += [
            f"{addon} left behind: {trace}" for trace in left if trace not in self._of_others
        ]
        self.seconds[addon] += time.monotonic() - begin

    def _look_at(self, addon: str, models: set[str]) -> None:
        """Open the screens of what is installed, empty and at work."""
        from screen_walk import open_all

        with self._env() as env:
            missing = {addon} - set(self._ours(env))
            self.problems += [f"{name} is not installed" for name in missing]
            self.problems += open_all(env, [addon])
            traffic.fill(env, set(env.registry) - models, [addon])
            self.problems += open_all(env, [addon])

    def _features_of(self, addon: str) -> list[str]:
        """Return what depends on an add-on and on none of ours that is not there yet."""
        with self._env() as env:
            there = set(self._ours(env))
        return [
            name
            for name, depends in sorted(self._depends.items())
            if addon in depends and there.issuperset(self._depends.keys() & set(depends))
        ]

    def _ours(self, env: Environment) -> list[str]:
        modules = env["ir.module.module"].search([("state", "=", "installed")])
        return [name for name in modules.mapped("name") if name in self._depends]

    def _install_of_others(self, names: list[str]) -> None:
        """Install what an add-on needs, and note what that brings: it stays when all ours go."""
        before = self._names()
        if self._install(names):
            self._of_others.update(traces.what_came(before, self._names()))

    def _install(self, names: list[str]) -> bool:
        """Install what is not there yet; return whether there was any."""
        with self._env() as env:
            modules = env["ir.module.module"].search(
                [("name", "in", names), ("state", "!=", "installed")]
            )
            if modules:
                modules.button_immediate_install()
            return bool(modules)

    def _uninstall(self, name: str) -> None:
        with self._env() as env:
            env["ir.module.module"].search([("name", "=", name)]).button_immediate_uninstall()

    def _names(self) -> dict[str, set[str]]:
        return self._query(traces.names_in)

    def _query(self, ask):
        def query(statement: str) -> list[tuple]:
            env.cr.execute(statement)
            return env.cr.fetchall()

        with self._env() as env:
            return ask(query)

    @contextlib.contextmanager
    def _env(self) -> Iterator[Environment]:
        """Give an environment of the registry as it is now; what is done in it is kept."""
        with Registry(self._database).cursor() as cr:
            yield Environment(cr, SUPERUSER_ID, {})


def libraries_of(core: str, depends: dict[str, list[str]]) -> list[str]:
    """Return the add-ons that a core needs, each after those that it needs itself."""
    ordered: list[str] = []

    def add(name: str) -> None:
        for needed in sorted(depends.keys() & set(depends[name])):
            add(needed)
        if name not in ordered and name != core:
            ordered.append(name)

    add(core)
    return ordered


def main(database: str, depends: str, core: str) -> None:
    """Try out add-ons: the libraries of a core, then the core, then what builds on it."""
    config.parse_config(["-d", database, "--no-http"], setup_logging=False)
    known = json.loads(depends)
    libraries = libraries_of(core, known)
    # One after the other, so that what needs several finds them there.
    for before, after in pairwise(libraries):
        known[after].append(before)
    alone = Alone(database, known)
    alone.learn_of_add_ons()
    alone.try_out(libraries[0])
    print(json.dumps({"problems": alone.problems, "seconds": alone.seconds}))


if __name__ == "__main__":
    main(*sys.argv[1:])
