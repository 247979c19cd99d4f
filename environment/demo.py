"""The demo: a database with the add-ons at work, and an Odoo that serves it in the background."""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass
from pathlib import Path

from .cache import Cache
from .errors import SetupError, one_message
from .processes import command_line
from .progress import Progress, say

DATASETS = ("cdnow", "cdnow-sample", "completejourney")
HOST = "127.0.0.1"

_START_SECONDS = 120
_LOG_LINES = 15


@dataclass(frozen=True)
class Serving:
    """An Odoo in the background.

    :param configuration: its odoo.conf, which tells one database server from another
    """

    pid: int
    database: str
    port: int
    configuration: str

    def serves(self, database: str, port: int) -> bool:
        """Return whether it serves this database, of the present server, on this port."""
        wanted = (database, port, os.environ["ODOO_RC"])
        return (self.database, self.port, self.configuration) == wanted

    @property
    def address(self) -> str:
        """Where the browser finds it."""
        return f"http://{HOST}:{self.port}"

    def is_alive(self) -> bool:
        """Return whether the process still runs and is the one that was started."""
        return f"-d {self.database} " in f"{command_line(self.pid)} "

    def answers(self) -> bool:
        """Return whether the login page is served."""
        try:
            with urllib.request.urlopen(f"{self.address}/web/login", timeout=30) as page:
                return page.status == 200
        except (urllib.error.URLError, OSError):
            return False


@one_message
def start(arguments: list[str]) -> int:
    """Make the demo's database unless it is there, serve it, and say where.

    To be run in the project's Python.

    :return: 0 when the login page is served
    """
    options = _parse(arguments)
    cache = Cache.of_checkout()
    with cache.lock("demo"):
        serving = _current(cache)
        if not (serving and serving.port == options.port):
            _check_port(options.port)
        _serve(cache, serving, options)
    return 0


def stop(cache: Cache) -> bool:
    """End the Odoo in the background; return whether there was one.

    :raises SetupError: when it does not end
    """
    serving = _current(cache)
    if serving:
        os.kill(serving.pid, signal.SIGTERM)
        for attempt in range(200):
            if not serving.is_alive():
                break
            # A second signal ends Odoo at once, whatever its threads do.
            if attempt == 100:
                os.kill(serving.pid, signal.SIGKILL)
            time.sleep(0.1)
        else:
            raise SetupError(f"Odoo (process {serving.pid}) does not end.")
    _state_file(cache).unlink(missing_ok=True)
    return serving is not None


def _serve(cache: Cache, serving: Serving | None, options: argparse.Namespace) -> None:
    # These need the project's Python; ending Odoo does not.
    from .demo_database import DemoDatabase
    from .tiers_table import finish_table, start_table

    database = DemoDatabase(options.database, options.data)
    changed = not database.is_current()
    if serving and (changed or not serving.serves(database.name, options.port)):
        say(f"Ending the Odoo that serves {serving.database}")
        stop(cache)
        serving = None
    if changed:
        database.make_current()
    if serving:
        say(f"Odoo serves {database.name} already")
    else:
        serving = _launch(cache, database.name, options.port)
    # Both take a while: let them run side by side.
    table = start_table(database.name)
    _wait(cache, serving)
    if table:
        print(f"\n{finish_table(table).strip()}", flush=True)
    print(
        f"\nOdoo serves the database {database.name} at {serving.address}\n"
        "Log in as admin with the password admin. To end it: make stop",
        flush=True,
    )


def _parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument(
        "--data", default="", choices=("", *DATASETS), help="real purchases to load"
    )
    parser.add_argument("--port", type=int, default=8069, help="port of the web server")
    parser.add_argument("--database", default="", help="name of the database")
    options = parser.parse_args(arguments)
    options.database = options.database or options.data.replace("-", "_") or "demo"
    if not re.fullmatch(r"[A-Za-z0-9_][\w.-]*", options.database, re.ASCII):
        raise SetupError(
            f"“{options.database}” will not do as the name of a database: "
            "letters, digits, “_”, “-” and “.” will."
        )
    return options


def _check_port(port: int) -> None:
    """Raise ``SetupError`` when somebody listens on the port."""
    with socket.socket() as probe:
        # As servers do it: the remains of closed connections do not count.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except (OSError, OverflowError) as error:
            raise SetupError(
                f"Port {port} on {HOST} cannot be used ({error}). "
                f"Choose another one: make demo PORT={port + 10 if port < 65000 else 8070}"
            ) from error


def _launch(cache: Cache, database: str, port: int) -> Serving:
    log = _log_file(cache)
    log.parent.mkdir(exist_ok=True)
    with log.open("w") as output:
        process = subprocess.Popen(
            [
                sys.executable, "-m", "odoo", "-d", database,
                f"--http-port={port}", f"--http-interface={HOST}",
                f"--db-filter=^{re.escape(database)}$", "--max-cron-threads=1",
            ],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )  # fmt: skip
    serving = Serving(process.pid, database, port, os.environ["ODOO_RC"])
    _state_file(cache).write_text(json.dumps(asdict(serving)))
    return serving


def _wait(cache: Cache, serving: Serving) -> None:
    """Return when the login page is served.

    :raises SetupError: when Odoo ends before, or takes too long, with the end of its log
    """
    if serving.answers():
        return
    progress = Progress("Starting Odoo", unit="s")
    begun = time.monotonic()
    while not serving.answers():
        seconds = time.monotonic() - begun
        progress.show(seconds)
        alive = serving.is_alive()
        if not alive or seconds > _START_SECONDS:
            lines = _log_file(cache).read_text(errors="replace").splitlines()[-_LOG_LINES:]
            problem = "does not answer" if alive else "ended while starting"
            stop(cache)
            raise SetupError("\n".join([f"Odoo {problem}. {_log_file(cache)} ends with:", *lines]))
        time.sleep(0.3)
    progress.finish()


def _current(cache: Cache) -> Serving | None:
    """Return the Odoo in the background, if there is one."""
    try:
        serving = Serving(**json.loads(_state_file(cache).read_text()))
    except (OSError, ValueError, TypeError):
        return None
    return serving if serving.is_alive() else None


def _state_file(cache: Cache) -> Path:
    return cache.path("demo", "serving.json")


def _log_file(cache: Cache) -> Path:
    return cache.path("demo", "odoo.log")


if __name__ == "__main__":
    sys.exit(start(sys.argv[1:]))
