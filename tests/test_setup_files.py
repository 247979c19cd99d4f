"""No file of the repository leads to one machine or one package registry."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from environment.debian_archive import read_entries


def tracked_files(checkout: Path) -> list[Path]:
    """Return what git has or would take; where there is no git, all but what tools left."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [checkout / name for name in listing.stdout.split("\0") if name]
    else:
        left = {".cache", ".hypothesis", ".pytest_cache", ".ruff_cache", "__pycache__"}
        paths = [path for path in checkout.rglob("*") if not left.intersection(path.parts)]
    return [path for path in paths if path.is_file()]


def texts(checkout: Path):
    """Give each file that is text, with its content."""
    for path in tracked_files(checkout):
        try:
            yield path.relative_to(checkout), path.read_text()
        except UnicodeDecodeError:
            continue


def hosts_of_registries() -> set[str]:
    """Return the hosts that this machine's package tools ask."""
    # pip's own default is in its code.
    from pip._internal.models.index import PyPI

    addresses = [PyPI.url]
    settings = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False
    )
    addresses += re.findall(r"\w+://[^\s'\"]+", settings.stdout)
    addresses += [value for name, value in os.environ.items() if name.endswith("INDEX_URL")]
    if npm := shutil.which("npm"):
        asked = subprocess.run(
            [npm, "config", "get", "registry"], capture_output=True, text=True, check=False
        )
        addresses.append(asked.stdout.strip())
    addresses += [entry.uri for entry in read_entries()]
    return {host for host in (urlsplit(text).hostname for text in addresses) if host}


def test_hosts_are_found():
    assert hosts_of_registries()


def test_no_address_of_a_registry(checkout):
    hosts = hosts_of_registries()
    found = [
        f"{path}: {host}"
        for path, text in texts(checkout)
        for host in hosts
        if host in text.lower()
    ]
    assert not found


def test_no_path_of_this_machine(checkout):
    places = {str(checkout), str(Path.home())}
    # A container's root folder or a home in "/" would be found in any path.
    pattern = "|".join(re.escape(place) for place in places if len(place) > 4)
    if not pattern:
        pytest.skip("the paths of this machine are too short to look for")
    expression = re.compile(rf"(?<![\w.])(?:{pattern})(?=[/\s\"'])")
    found = [str(path) for path, text in texts(checkout) if expression.search(text)]
    assert not found


def test_programs_are_executable(checkout):
    programs = [*(checkout / "bin").iterdir(), checkout / ".ci" / "run"]
    closed = [path.name for path in programs if path.is_file() and not os.access(path, os.X_OK)]
    assert not closed


def test_cache_is_ignored(checkout):
    ignored = (checkout / ".gitignore").read_text().splitlines()
    assert {".cache/", ".env"} <= set(ignored)
