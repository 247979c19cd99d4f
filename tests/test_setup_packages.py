"""The Python packages: pinned, complete, and one message when they cannot be had."""

from __future__ import annotations

import importlib.metadata
import re
import sys

import pytest
from packaging.specifiers import SpecifierSet

from environment import python_packages
from environment.errors import SetupError
from environment.python_packages import PythonPackages, check_python_version

TAKES_MINUTES = True

FILES = ("requirements.txt", "requirements-test.txt")


def requirements(checkout) -> list[str]:
    """Return the requirements of both files, without notes and inclusions."""
    lines = "\n".join((checkout / name).read_text() for name in FILES).splitlines()
    return [line for line in lines if line and not line.startswith(("#", "-r "))]


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_every_requirement_is_pinned(checkout):
    loose = [
        line for line in requirements(checkout) if not re.fullmatch(r"[\w.-]+==\d[\w.]*", line)
    ]
    assert not loose


def test_nothing_is_installed_beside_the_requirements(checkout):
    listed = dict(line.split("==") for line in requirements(checkout))
    installed = {
        plain(found.name): found.version
        for found in importlib.metadata.distributions(path=[_site_packages()])
    }
    strangers = {
        name: version
        for name, version in installed.items()
        # The first two come with a new virtual environment on older Pythons.
        if name not in {"setuptools", "wheel"} and not name.startswith("odoo-addon-")
        if version != {plain(key): value for key, value in listed.items()}.get(name)
    }
    assert not strangers


@pytest.mark.parametrize("python", ["3.11.2", "3.13.5"])
def test_every_package_takes_debians_python(python):
    """Debian 12 has the one, Debian 13 the other."""
    choosy = {
        found.name: found.metadata["Requires-Python"]
        for found in importlib.metadata.distributions(path=[_site_packages()])
        if python not in SpecifierSet(found.metadata["Requires-Python"] or "")
    }
    assert not choosy


def test_no_network_is_one_message(tmp_path, run_program):
    # Nothing listens on port 1.
    ended = run_program(
        "bin/odoo",
        "--version",
        ODOO_ADDONS_CACHE=str(tmp_path / "cache"),
        PIP_CONFIG_FILE="/dev/null",
        PIP_FIND_LINKS=None,
        PIP_EXTRA_INDEX_URL=None,
        PIP_INDEX_URL="http://127.0.0.1:1/",
        PIP_TRUSTED_HOST="127.0.0.1",
        PIP_RETRIES="0",
    )
    assert ended.returncode == 1
    assert "Installing the packages of requirements.txt failed: The network" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert not list((tmp_path / "cache").glob("python-*"))


@pytest.mark.parametrize("version", [(3, 10), (3, 14)])
def test_other_python_is_refused(monkeypatch, version):
    monkeypatch.setattr(sys, "version_info", version)
    with pytest.raises(SetupError, match=r"Python 3\.11 to 3\.13 is needed"):
        check_python_version()


def test_interrupted_installation_of_test_tools_is_noticed(cache, checkout, monkeypatch):
    packages = PythonPackages(cache, checkout)
    folder = packages.python.parent.parent
    monkeypatch.setattr(packages, "_build", lambda made: (made / "whole").touch())
    packages.ensure()

    def be_interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(packages, "_install", be_interrupted)
    with pytest.raises(KeyboardInterrupt):
        packages.ensure(testing=True)
    assert not packages.is_ready()

    # The next call begins anew instead of trusting what is there.
    (folder / "whole").unlink()
    monkeypatch.setattr(packages, "_install", lambda *_: None)
    packages.ensure(testing=True)
    assert (folder / "whole").exists()
    assert packages.is_ready(testing=True)


def test_python_without_pip_says_what_to_install(cache, tmp_path, monkeypatch):
    def no_archive(*_):
        raise SetupError("no apt")

    monkeypatch.setattr(python_packages.DebianArchive, "of_machine", no_archive)
    with (
        pytest.raises(SetupError, match="apt-get install python3-venv"),
        python_packages._pip_from_debian(cache),
    ):
        pass


def _site_packages() -> str:
    return next(path for path in sys.path if path.endswith("site-packages"))
