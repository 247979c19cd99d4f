"""Odoo in processes that a test may stop and kill: real connections, nothing replaced."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from odoo_starter import starter_of

# Seconds: all screens of the demo company take minutes where much else runs.
TIMEOUT = 900


class Work:
    """A piece of work in a process of its own."""

    def __init__(self, pid: int, answer: Path):
        self.pid = pid
        self._answer = answer

    def is_running(self) -> bool:
        """Return whether the process is there, also when it stands still."""
        return Path(f"/proc/{self.pid}").exists()

    def kill(self) -> None:
        """End the process at once, as the system does when memory runs out."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        wait_until(lambda: not self.is_running())

    @contextlib.contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep the process from going on while the body runs."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def result(self):
        """Wait for the end and return what the script left in ``result``."""
        wait_until(lambda: not self.is_running())
        assert self._answer.exists(), "the process was killed"
        answer = json.loads(self._answer.read_text())
        assert "error" not in answer, answer["error"]
        return answer["result"]


class OdooProcesses:
    """Odoo on a database, and a process of it for each piece of work."""

    def __init__(self, database: str, folder: Path):
        self._folder = folder
        self._numbers = itertools.count()
        its_input, ours = os.pipe()
        theirs, its_output = os.pipe()
        self._questions, self._answers = os.fdopen(ours, "w"), os.fdopen(theirs)
        self._server = starter_of(database).fork(
            "odoo_processes", "serve", [database], [its_input, its_output]
        )
        os.close(its_input)
        os.close(its_output)
        assert self._answers.readline() == "ready\n"

    def start(self, script: str) -> Work:
        """Run Python in a new process, with ``env`` of the superuser; what it commits is kept."""
        answer = self._folder / f"answer-{next(self._numbers)}.json"
        print(json.dumps([script, str(answer)]), file=self._questions, flush=True)
        return Work(int(self._answers.readline()), answer)

    def run(self, script: str):
        """Run Python as :meth:`start` does, and return what it leaves in ``result``."""
        return self.start(script).result()

    def end(self) -> None:
        """End the process that starts the others."""
        self._questions.close()
        self._server.wait(TIMEOUT)
        self._answers.close()


def wait_until(condition: Callable[[], object], pause: float = 0.002) -> None:
    """Return as soon as the condition holds; fail when that takes too long."""
    end = time.monotonic() + TIMEOUT
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(pause)


def serve(database: str) -> None:
    """Fork a process for each line of standard input, once Odoo is loaded."""
    from odoo import sql_db
    from odoo.modules.registry import Registry
    from odoo.tools import config

    config.parse_config(["-d", database, "--no-http"], setup_logging=False)
    Registry(database)
    # The system buries the children.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    print("ready", flush=True)
    for line in sys.stdin:
        # Parent and child must not share a connection.
        sql_db.close_all()
        pid = os.fork()
        if not pid:
            _work(database, *json.loads(line))
        print(pid, flush=True)


def serve_pages(database: str, port: int) -> int:
    """Answer requests at a port of this machine, until the process is told to end."""
    from odoo.service import server
    from odoo.tools import config

    options = [
        "-d", database, f"--http-port={port}", "--http-interface=127.0.0.1",
        "--max-cron-threads=0", "--log-level=warn",
    ]  # fmt: skip
    config.parse_config(options, setup_logging=True)
    return server.start(preload=[])


def _work(database: str, script: str, path: str) -> None:
    from odoo.api import SUPERUSER_ID, Environment
    from odoo.modules.registry import Registry

    answer = Path(path)
    unfinished = answer.with_suffix(".unfinished")
    try:
        with Registry(database).cursor() as cr:
            names = {"env": Environment(cr, SUPERUSER_ID, {}), "result": None}
            exec(script, names)
            result = {"result": names["result"]}
    except BaseException:
        result = {"error": traceback.format_exc()}
    unfinished.write_text(json.dumps(result))
    unfinished.rename(answer)
    os._exit(0)
