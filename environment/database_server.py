"""Which database server is used, and how programs are told."""

from __future__ import annotations

import getpass
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from .embedded_postgres import PORT, ROLE
from .errors import SetupError

SERVER_VARIABLES = ("PGHOST", "PGPORT", "PGUSER", "PGPASSWORD")
# Set for programs started here, so that what they start in turn knows whose server it is.
EMBEDDED_VARIABLE = "ODOO_ADDONS_EMBEDDED"
OLDEST_SERVER = 13

_PROBE = """
import psycopg2, sys
try:
    connection = psycopg2.connect(dbname="postgres", connect_timeout=10)
except psycopg2.OperationalError as error:
    sys.exit(str(error).strip())
cursor = connection.cursor()
cursor.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
print(connection.server_version // 10000, int(cursor.fetchone()[0]))
"""


@dataclass(frozen=True)
class DatabaseServer:
    """How a server is reached; an empty text leaves a part to PostgreSQL's own default."""

    host: str
    port: str
    user: str
    password: str
    embedded: bool

    def environment(self) -> dict[str, str]:
        """Return the variables by which any PostgreSQL client reaches the server."""
        values = (self.host, self.port, self.user, self.password)
        found = {name: text for name, text in zip(SERVER_VARIABLES, values, strict=True) if text}
        if self.embedded:
            found[EMBEDDED_VARIABLE] = self.host
        return found


def wants_embedded() -> bool:
    """Return whether the embedded server is to be used: no variable names another one."""
    host = os.environ.get("PGHOST", "")
    if host and host == os.environ.get(EMBEDDED_VARIABLE):
        return True
    return not any(os.environ.get(name) for name in SERVER_VARIABLES)


def embedded_server(sockets: Path) -> DatabaseServer:
    """Return how the embedded server with its socket in this folder is reached."""
    return DatabaseServer(str(sockets), str(PORT), ROLE, "", embedded=True)


def named_server(python: Path) -> DatabaseServer:
    """Return the server that the PG… variables name, after trying it.

    :param python: an interpreter with psycopg2
    :raises SetupError: when it cannot be used, saying why
    """
    values = {name: os.environ.get(name, "") for name in SERVER_VARIABLES}
    shown = ", ".join(
        f"{name}={'…' if name == 'PGPASSWORD' else value}"
        for name, value in values.items()
        if value
    )
    user = values["PGUSER"] or getpass.getuser()
    if user == "postgres":
        raise SetupError(
            "Odoo refuses to work as the database user postgres. Make a role of its own, "
            "for example: createuser --createdb odoo, and set PGUSER=odoo."
        )
    probe = subprocess.run(
        [str(python), "-c", _PROBE],
        env={name: text for name, text in os.environ.items() if name != "PGDATABASE"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if probe.returncode:
        reason = probe.stderr.strip().splitlines() or ["no reason given"]
        raise SetupError(
            f"The database server that the environment names ({shown}) cannot be used:\n"
            + "\n".join(f"    {line.strip()}" for line in reason[-4:])
            + "\nMend these variables, or unset them all to use the embedded server."
        )
    version, may_create = (int(part) for part in probe.stdout.split())
    if version < OLDEST_SERVER:
        raise SetupError(
            f"The database server ({shown}) is PostgreSQL {version}; "
            f"Odoo 19 wants {OLDEST_SERVER} or newer."
        )
    if not may_create:
        raise SetupError(
            f"The role {user} on the database server ({shown}) may not create databases. "
            f"As its administrator: ALTER ROLE {user} CREATEDB;"
        )
    return DatabaseServer(
        values["PGHOST"], values["PGPORT"], values["PGUSER"], values["PGPASSWORD"], embedded=False
    )
