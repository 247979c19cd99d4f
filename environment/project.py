"""Everything that must be there before a program of the project runs."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from .cache import CACHE_VARIABLE, CHECKOUT, Cache
from .configuration import write_configuration
from .database_server import (
    EMBEDDED_VARIABLE,
    SERVER_VARIABLES,
    DatabaseServer,
    embedded_server,
    named_server,
    wants_embedded,
)
from .embedded_postgres import EmbeddedPostgres
from .odoo_source import OdooFinder, OdooSource
from .python_packages import PythonPackages, check_python_version


@dataclass(frozen=True)
class Project:
    """A set-up that is complete: what to run, and in which environment."""

    python: Path
    environment: dict[str, str]

    def execute(self, arguments: list[str]) -> int:
        """Become the project's Python with these arguments; does not return."""
        os.execve(self.python, [str(self.python), *arguments], self.environment)


def set_up(*, testing: bool = False) -> Project:
    """Set up what is missing and start the database.

    :param testing: also install what the tests and checks need
    :raises SetupError: when something cannot be had
    """
    check_python_version()
    cache = Cache.of_checkout()
    cache.prepare()
    packages = PythonPackages(cache)
    source = _ensure_programs(cache, packages, testing=testing)
    server = _ensure_database(cache, packages)
    configuration = write_configuration(cache, source, server, packages.site_packages)
    return Project(packages.python, _environment(cache, server, configuration))


def _ensure_programs(cache: Cache, packages: PythonPackages, *, testing: bool) -> OdooSource:
    """Return Odoo's place, after fetching it and the Python packages if need be."""
    finder = OdooFinder(cache)
    # A source that will not do is said before half an hour is spent on the rest.
    source = finder.find()
    if source is None or not packages.is_ready(testing=testing):
        with cache.lock("setup"), ThreadPoolExecutor() as together:
            # The one waits for the network while the other unpacks.
            installed = together.submit(packages.ensure, testing=testing)
            source = finder.find() or finder.fetch()
            installed.result()
    packages.lead_to(source.parent)
    return source


def _ensure_database(cache: Cache, packages: PythonPackages) -> DatabaseServer:
    if not wants_embedded():
        return named_server(packages.python)
    postgres = EmbeddedPostgres(cache, packages.site_packages)
    if not postgres.is_running():
        with cache.lock("database server"):
            postgres.ensure_running()
    return embedded_server(postgres.sockets)


def _environment(cache: Cache, server: DatabaseServer, configuration: Path) -> dict[str, str]:
    """Return the environment of the project's programs."""
    dropped = {*SERVER_VARIABLES, EMBEDDED_VARIABLE, "PYTHONHOME", "PGDATABASE"}
    kept = {name: text for name, text in os.environ.items() if name not in dropped}
    path = os.pathsep.join(filter(None, [str(CHECKOUT), os.environ.get("PYTHONPATH", "")]))
    return {
        **kept,
        **server.environment(),
        # Odoo reads the one, the tools around it the other.
        "ODOO_RC": str(configuration),
        "OPENERP_SERVER": str(configuration),
        CACHE_VARIABLE: str(cache.root),
        "PYTHONPATH": path,
        # Odoo keeps naive times in UTC and says so to PostgreSQL; the process must agree.
        "TZ": "UTC",
    }
