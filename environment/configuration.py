"""The configuration file that Odoo is run with."""

from __future__ import annotations

import os
from pathlib import Path

from .cache import CHECKOUT, Cache, fingerprint
from .database_server import DatabaseServer
from .odoo_source import OdooSource


def write_configuration(
    cache: Cache, source: OdooSource, server: DatabaseServer, site_packages: Path
) -> Path:
    """Write odoo.conf into the cache, if it is not there with the same content.

    :return: its path; every server has a file and a data folder of its own, since there may be
        databases of the same name on two
    """
    place = "" if server.embedded else f"-{fingerprint(server.host, server.port, server.user)}"
    text = _content(cache.path(f"data{place}"), source, server, site_packages)
    path = cache.path(f"odoo{place}.conf")
    if path.exists() and path.read_text() == text:
        return path
    unfinished = path.with_suffix(f".{os.getpid()}")
    # It may hold a password.
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    unfinished.rename(path)
    return path


def _content(
    data_folder: Path, source: OdooSource, server: DatabaseServer, site_packages: Path
) -> str:
    packaged = site_packages / "odoo" / "addons"
    addons = [*source.addons_paths, CHECKOUT / "addons"]
    # Add-ons that were installed as Python packages.
    if packaged.is_dir():
        addons.insert(-1, packaged)
    options = {
        "addons_path": ",".join(str(path) for path in addons if path.is_dir()),
        "data_dir": data_folder,
        "http_interface": "127.0.0.1",
        # The master password is the well-known one: keep the database manager closed.
        "list_db": "False",
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "db_password": server.password,
    }
    lines = [f"{name} = {value}" for name, value in options.items() if value]
    return "\n".join(["[options]", *lines, ""])
