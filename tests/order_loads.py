"""``bin/load-orders`` in one process for many loads, and a look at what they leave."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import textwrap
import traceback
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from database_view import DatabaseView


@dataclass
class Done:
    """What a call of the program wrote, and its exit code."""

    returncode: int
    stdout: str
    stderr: str


class Loader:
    """Runs the program's ``main`` again and again, so that Odoo is started only once."""

    def __init__(self, checkout: Path):
        self._server = subprocess.Popen(
            [sys.executable, __file__],
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, kind: str, folder: Path, *words: str) -> Done:
        """Run a command line (``load``) or a script with ``env`` (``odoo DATABASE SCRIPT``)."""
        print(json.dumps([kind, str(folder), words]), file=self._server.stdin, flush=True)
        return Done(*json.loads(self._server.stdout.readline()))

    def end(self) -> None:
        """End the process."""
        self._server.stdin.close()
        self._server.wait(60)


class Shop(DatabaseView):
    """A database to load into, and ways to look at it."""

    def __init__(self, loader: Loader, database: str, folder: Path):
        super().__init__(database)
        self.loader = loader
        self.folder = folder

    def file(self, content: str | bytes, name: str = "shop.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def load(self, *words: object, code: int = 0) -> Done:
        """Run the program on this database; it must end with ``code``."""
        done = self.loader.run("load", self.folder, *map(str, words), "-d", self.database)
        assert "Traceback" not in done.stderr
        assert done.returncode == code, done.stdout + done.stderr
        return done

    def odoo(self, script: str):
        """Run Python with ``env`` and commit; return what it leaves in ``result``."""
        done = self.loader.run("odoo", self.folder, self.database, textwrap.dedent(script))
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.splitlines()[-1])

    def total(self, label: str) -> Decimal | None:
        """Return what the confirmed orders of a label sum up to."""
        [(total,)] = self.query(
            # As text: where Odoo was imported, numbers are read as floats.
            "SELECT sum(amount_untaxed)::text FROM sale_order WHERE state = 'sale' AND origin = %s",
            [f"load-orders: {label}"],
        )
        return total and Decimal(total)

    def counts(self) -> list[tuple]:
        """Return how many orders, lines, contacts and products there are."""
        return self.query(
            "SELECT (SELECT count(*) FROM sale_order), (SELECT count(*) FROM sale_order_line),"
            " (SELECT count(*) FROM res_partner), (SELECT count(*) FROM product_product)"
        )


def _serve() -> None:
    answers, sys.stdout = sys.stdout, sys.stderr
    for request in sys.stdin:
        kind, folder, words = json.loads(request)
        os.chdir(folder)
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = _load(words) if kind == "load" else _odoo(*words)
            except SystemExit as exit_:
                code = exit_.code
            except BaseException:
                traceback.print_exc()
                code = 70
        print(json.dumps([code, out.getvalue(), err.getvalue()]), file=answers, flush=True)


def _load(words: list[str]) -> int:
    from order_import.__main__ import main

    return main(words)


def _odoo(database: str, script: str) -> int:
    from order_import.database import open_environment

    with open_environment(database, print) as env:
        names = {"env": env, "result": None}
        exec(script, names)
        env.cr.commit()
    print(json.dumps(names["result"]))
    return 0


if __name__ == "__main__":
    _serve()
