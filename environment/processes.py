"""Running other programs, with their failures turned into one message."""

from __future__ import annotations

import collections
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from .errors import SetupError, cause_of

_LINES_SHOWN = 8


def require_program(name: str, package: str) -> str:
    """Return the program's path.

    :raises SetupError: when it is missing, naming the Debian package that has it
    """
    # A login without the system's folders on its path is common for ordinary users.
    path = os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])
    found = shutil.which(name, path=path)
    if not found:
        raise SetupError(f"The program {name} is missing (on Debian: apt-get install {package}).")
    return found


def run(
    command: Sequence[str | Path],
    *,
    failure: str,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: str | None = None,
    on_line: Callable[[str], None] | None = None,
) -> str:
    """Run a program to its end and return what it printed.

    :param failure: what could not be done, the first words of the error message
    :param user: run as this user (only root can)
    :param on_line: called with every line as it comes
    :raises SetupError: when the program is missing or fails; with the cause where it is plain
    """
    identity = {"user": user, "group": _group_of(user), "extra_groups": []} if user else {}
    try:
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env=dict(env) if env is not None else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            **identity,
        )
    except FileNotFoundError as error:
        raise SetupError(f"{failure}: the program {command[0]} is missing.") from error
    with process:
        try:
            lines = []
            for line in process.stdout:
                lines.append(line)
                if on_line:
                    on_line(line.rstrip())
        except BaseException:
            process.terminate()
            raise
    output = "".join(lines)
    if process.returncode:
        raise SetupError(_explain(failure, output, process.returncode))
    return output


def command_line(pid: int) -> str:
    """Return the command line of a process, or an empty text when there is no such process."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")
        except OSError:
            return ""
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout


def _explain(failure: str, output: str, code: int) -> str:
    """Return the error message: what failed, why when that is plain, and the last lines."""
    cause = cause_of(output)
    tail = collections.deque((line for line in output.splitlines() if line.strip()), _LINES_SHOWN)
    shown = "\n".join(f"    {line.strip()[:200]}" for line in tail)
    reason = f"{failure}: {cause}." if cause else f"{failure} (exit code {code})."
    return f"{reason}\n{shown}" if shown else reason


def _group_of(user: str) -> int:
    import pwd  # only where another user is asked for, which is rare and costs a look-up

    return pwd.getpwnam(user).pw_gid
