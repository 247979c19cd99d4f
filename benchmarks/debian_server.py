"""Debian's PostgreSQL, which compiles queries (JIT), as a server of a benchmark's own."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from environment.embedded_postgres import programs_folder

ROLE = "odoo"
INSTALLED = Path("/usr/lib/postgresql")
# What newer programs write and older servers do not know: the latter, of tables that inherit, they
# take from the parent.
_TIMEOUT = "SET transaction_timeout = 0;\n"
_NOT_NULL = re.compile(r"    (CONSTRAINT \S+ )?NOT NULL \S+,?\n")


def programs_with_jit() -> Path | None:
    """Return the folder of the newest server's programs that can compile; None without one."""
    found = [path.parent.parent / "bin" for path in INSTALLED.glob("*/lib/llvmjit.so")]
    return max(found, key=lambda path: int(path.parent.name), default=None)


@contextlib.contextmanager
def debian_server(programs: Path) -> Iterator[Path]:
    """Run a server as Debian sets it; give the folder of its socket. All of it goes afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="jit-", dir="/tmp"))
    # A server refuses to run as root.
    user = "nobody" if os.geteuid() == 0 else None
    if user:
        shutil.chown(folder, user)
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run(
            [str(programs / program), "-D", str(data), *arguments],
            user=user,
            cwd="/",
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
            stdout=subprocess.DEVNULL,
            check=True,
        )

    try:
        call("initdb", f"--username={ROLE}", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")
        call("pg_ctl", "start", "-w", "-l", str(folder / "log"), "-o", f"-k {folder} -h ''")
        try:
            yield folder
        finally:
            call("pg_ctl", "stop", "-w", "-m", "immediate")
    finally:
        shutil.rmtree(folder)


def copy_database(database: str, programs: Path, socket: Path) -> None:
    """Copy a database of the project's server to Debian's, by its texts."""
    there = {**os.environ, "PGHOST": str(socket), "PGPORT": "5432", "PGUSER": ROLE}
    subprocess.run([str(programs / "createdb"), database], env=there, check=True)
    dump = subprocess.Popen(
        [str(programs_folder() / "pg_dump"), "--no-owner", database],
        stdout=subprocess.PIPE,
        text=True,
    )
    load = subprocess.Popen(
        [str(programs / "psql"), "-qX", "-v", "ON_ERROR_STOP=1", "-d", database],
        # A disk's time for each of ten thousand statements is not what is measured.
        env={**there, "PGOPTIONS": "-c synchronous_commit=off"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    for line in _known_lines(dump.stdout):
        load.stdin.write(line)
    load.stdin.close()
    if dump.wait() or load.wait():
        raise RuntimeError("copying the database failed")


def _known_lines(lines: Iterable[str]) -> Iterator[str]:
    held = ""
    for line in lines:
        if line == _TIMEOUT:
            continue
        if not _NOT_NULL.fullmatch(line):
            yield held
            held = line
        elif not line.endswith(",\n"):
            # It was the last of a list.
            held = held.removesuffix(",\n") + "\n" * held.endswith(",\n")
    yield held
