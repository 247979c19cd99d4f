"""The project's own Python: a virtual environment in the cache, with pinned packages."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import platform
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

from .cache import CHECKOUT, Cache, Step, fingerprint
from .debian_archive import DebianArchive
from .errors import SetupError
from .processes import run
from .progress import Progress, say

OLDEST, NEWEST = (3, 11), (3, 13)

_MEGABYTES = 1200
_TEST_MEGABYTES = 400


def check_python_version() -> None:
    """Raise ``SetupError`` when the calling Python is none that Odoo 19 runs on."""
    if not OLDEST <= sys.version_info[:2] <= NEWEST:
        raise SetupError(
            f"Python {'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))} is needed, "
            f"this is {platform.python_version()} ({sys.executable}). "
            "Put a fitting python3 first on the PATH."
        )


class PythonPackages:
    """The virtual environment with what is needed to run, and on demand to test."""

    def __init__(self, cache: Cache, checkout: Path = CHECKOUT) -> None:
        self._cache = cache
        self._to_run = checkout / "requirements.txt"
        self._to_test = checkout / "requirements-test.txt"
        interpreter = _base_interpreter()
        self._step: Step = cache.step(
            "python",
            self._to_run.read_text(),
            platform.python_version(),
            interpreter,
            in_place=True,
        )
        self._interpreter = interpreter

    @property
    def python(self) -> Path:
        """The interpreter of the virtual environment."""
        return self._step.folder / "bin" / "python"

    @property
    def site_packages(self) -> Path:
        """The folder that packages are installed into."""
        major, minor = sys.version_info[:2]
        return self._step.folder / "lib" / f"python{major}.{minor}" / "site-packages"

    def is_ready(self, *, testing: bool = False) -> bool:
        """Return whether everything is installed; with ``testing``, the tests' tools too."""
        if not self._step.is_done() or self._mark_unfinished.exists():
            return False
        return not testing or self._installed_for_tests() == self._test_inputs()

    def ensure(self, *, testing: bool = False) -> None:
        """Install what is missing; to be called with the set-up lock held.

        :raises SetupError: when the packages cannot be had
        """
        if self._mark_unfinished.exists():
            # pip was ended in the middle: nobody knows what is whole.
            (self._step.folder / ".complete").unlink(missing_ok=True)
        self._step.make(self._build, megabytes=_MEGABYTES, purpose="setting up the Python packages")
        if testing and self._installed_for_tests() != self._test_inputs():
            self._mark_unfinished.touch()
            self._install(self._to_test, [self.python, "-m", "pip"], "Python packages for tests")
            self._test_stamp.write_text(self._test_inputs())
            self._mark_unfinished.unlink()

    def lead_to(self, odoo_parent: Path) -> None:
        """Make ``import odoo`` find the package in the folder ``odoo_parent``."""
        link = self.site_packages / "odoo_source.pth"
        text = f"{odoo_parent}\n"
        if not link.exists() or link.read_text() != text:
            link.write_text(text)

    @property
    def _mark_unfinished(self) -> Path:
        return self._step.folder / ".unfinished"

    @property
    def _test_stamp(self) -> Path:
        return self._step.folder / ".complete-test"

    def _test_inputs(self) -> str:
        return fingerprint(self._to_test.read_text())

    def _installed_for_tests(self) -> str:
        return self._test_stamp.read_text() if self._test_stamp.exists() else ""

    def _build(self, folder: Path) -> None:
        say("Setting up the project's Python")
        failure = "Making a virtual environment failed"
        create = [self._interpreter, "-m", "venv", "--clear"]
        # Debian ships Python without ensurepip unless python3-venv is installed.
        if importlib.util.find_spec("ensurepip"):
            run([*create, folder], failure=failure, env=_quiet_environment(self._cache))
            self._install(self._to_run, [self.python, "-m", "pip"], "Python packages")
            return
        run([*create, "--without-pip", folder], failure=failure)
        with _pip_from_debian(self._cache) as wheel:
            pip = [self.python, wheel / "pip"]
            self._install(self._to_run, pip, "Python packages")

    def _install(self, requirements: Path, pip: list[Path | str], label: str) -> None:
        total = sum(1 for line in requirements.read_text().splitlines() if "==" in line)
        progress = Progress(label, total, "packages")
        seen = 0

        def follow(line: str) -> None:
            nonlocal seen
            if match := re.match(r"(?:Collecting|Processing) (?:\S*/)?(\S+)", line):
                seen += 1
                progress.show(seen, match.group(1))
            elif line.startswith("Installing collected packages"):
                say(f"{label}: {seen} fetched, installing")

        # The list is complete, so nothing may come in beside it.
        options = ["--no-deps", "--no-input", "--retries", "3", "--progress-bar", "off"]
        run(
            [*pip, "install", *options, "-r", requirements],
            failure=f"Installing the packages of {requirements.name} failed",
            env=_quiet_environment(self._cache),
            on_line=follow,
        )
        progress.finish()


def _base_interpreter() -> str:
    """Return the Python outside of any virtual environment that runs this."""
    return getattr(sys, "_base_executable", None) or sys.executable


def _quiet_environment(cache: Cache) -> dict[str, str]:
    """Return the process environment without what would lead pip to another place."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONPATH", "PYTHONHOME", "PIP_TARGET", "PIP_USER", "PIP_PREFIX"}
    }
    return kept | {
        "PIP_CACHE_DIR": str(cache.path("pip")),
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
        "PIP_NO_WARN_SCRIPT_LOCATION": "1",
    }


@contextlib.contextmanager
def _pip_from_debian(cache: Cache) -> Iterator[Path]:
    """Give the pip that Debian packs for its own ensurepip, as a wheel to run from.

    :raises SetupError: when it cannot be had, saying what to install instead
    """
    advice = "This Python cannot make virtual environments with pip: apt-get install python3-venv."
    # Odoo is fetched at the same time, into the folder of its own archive.
    folder = cache.path("archive-of-pip")
    try:
        archive = DebianArchive.of_machine(folder)
        archive.unpack({"python3-pip-whl": "stable"}, folder / "pip")
        wheels = sorted((folder / "pip/usr/share/python-wheels").glob("pip-*.whl"))
    except SetupError as error:
        raise SetupError(f"{advice}\nFetching pip alone was tried: {error}") from error
    if not wheels:
        raise SetupError(advice)
    yield wheels[-1]
    shutil.rmtree(folder)
