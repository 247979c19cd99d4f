"""Odoo loaded once for all copies of a database: each gets a process that is forked from it.

To load Odoo and what is installed takes seconds of work, the same for each copy.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import time
import traceback
from pathlib import Path

# By the name of a database, that of the one which it was copied from.
TEMPLATES: dict[str, str] = {}


class Running:
    """A process that was forked."""

    def __init__(self, pid: int):
        self.pid = pid

    def is_running(self) -> bool:
        """Return whether the process is there, also when it stands still."""
        return Path(f"/proc/{self.pid}").exists()

    def signal(self, number: int) -> None:
        """Send a signal, unless the process has ended."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def wait(self, seconds: float) -> None:
        """Wait for the end; fail when that takes longer."""
        end = time.monotonic() + seconds
        while self.is_running():
            assert time.monotonic() < end, f"process {self.pid} does not end"
            time.sleep(0.01)


class Starter:
    """Odoo as it is loaded for one database, and for all that are copies of the same one."""

    def __init__(self, database: str):
        self._socket, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(its.fileno()), database],
                stdin=subprocess.DEVNULL,
                pass_fds=[its.fileno()],
            )
        assert self._socket.recv(32) == b"ready", "Odoo cannot be loaded"

    def fork(self, module: str, function: str, arguments: list, files: list[int]) -> Running:
        """Call a function of a module beside this one in a process of a database's own.

        :param arguments: the first is the database
        :param files: what becomes standard input and output, in this order, if given
        """
        message = json.dumps([module, function, arguments]).encode()
        socket.send_fds(self._socket, [message], files)
        return Running(int(self._socket.recv(32)))


_started: dict[str, Starter] = {}


def starter_of(database: str) -> Starter:
    """Return what forks processes for a database."""
    template = TEMPLATES.get(database, database)
    if template not in _started:
        # Loaded from the copy: whoever copies the template ends all connections to it.
        _started[template] = Starter(database)
    return _started[template]


def _load_and_fork(connection: socket.socket, loaded: str) -> None:
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", loaded, "--no-http"], setup_logging=False)
    Registry(loaded)
    # Parent and child must not share a connection.
    sql_db.close_all()
    gc.collect()
    gc.freeze()
    # The system buries the children.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    connection.send(b"ready")
    while True:
        message, files, *_rest = socket.recv_fds(connection, 2**16, 2)
        if not message:
            return
        pid = os.fork()
        if not pid:
            connection.close()
            _call(loaded, files, *json.loads(message))
        for file in files:
            os.close(file)
        connection.send(str(pid).encode())


def _call(loaded: str, files: list[int], module: str, function: str, arguments: list) -> None:
    """Be another process from here on, and end as one."""
    code = 1
    try:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for number, file in enumerate(files):
            os.dup2(file, number)
            os.close(file)
        _take_over(loaded, arguments[0])
        code = getattr(__import__(module), function)(*arguments) or 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _take_over(loaded: str, database: str) -> None:
    """Let what was loaded from one database be another's."""
    from odoo import sql_db
    from odoo.modules.registry import Registry

    registry = Registry(loaded)
    del Registry.registries[loaded]
    Registry.registries[database] = registry
    registry.db_name = database
    registry._db = sql_db.db_connect(database)
    registry.clear_all_caches()
    registry.cache_invalidated.clear()
    # Where what is installed is not the same, it is loaded anew.
    registry.check_signaling()
    sql_db.close_all()


if __name__ == "__main__":
    _load_and_fork(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
