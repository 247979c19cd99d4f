"""Packages from a Debian archive: finding it in apt's sources, fetching, checking."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest

from environment.debian_archive import ArchiveEntry, DebianArchive, debian_entries
from environment.errors import SetupError

needs_apt = pytest.mark.skipif(not shutil.which("apt-get"), reason="apt is not installed")


def lay_sources(folder: Path, **files: str) -> Path:
    """Lay an ``/etc/apt`` with these files; ``_`` in a name stands for the dot."""
    (folder / "sources.list.d").mkdir(parents=True)
    for name, text in files.items():
        path = name.replace("_", ".")
        place = folder if path == "sources.list" else folder / "sources.list.d"
        (place / path).write_text(text)
    return folder


def test_one_line_format(tmp_path):
    folder = lay_sources(
        tmp_path / "apt",
        sources_list=(
            "# deb http://off.example/debian bookworm main\n"
            "deb-src http://source.example/debian bookworm main\n"
            "deb http://mirror.example/debian-security bookworm-security main\n"
            "deb [arch=amd64 signed-by=/keys/mine.gpg] http://mirror.example/debian "
            "bookworm main contrib # ours\n"
        ),
    )
    assert debian_entries(folder) == [
        ArchiveEntry(
            "http://mirror.example/debian", ("bookworm",), ("main", "contrib"), "/keys/mine.gpg"
        )
    ]


def test_paragraph_format(tmp_path):
    key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n mQINBF\n -----END PGP PUBLIC KEY BLOCK-----"
    folder = lay_sources(
        tmp_path / "apt",
        debian_sources=(
            "Types: deb deb-src\n# a note\nURIs: http://mirror.example/debian\n"
            "Suites: trixie trixie-updates\nComponents: main\n"
            f"Signed-By:\n {key}\n"
            "\n"
            "Types: deb\nURIs: http://mirror.example/debian-security\n"
            "Suites: trixie-security\nComponents: main\n"
            "\n"
            "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\n"
            "Suites: trixie\nComponents: main\n"
        ),
    )
    (entry,) = debian_entries(folder)
    assert entry.uri == "http://mirror.example/debian"
    assert entry.suites == ("trixie", "trixie-updates")
    assert "mQINBF" in entry.signed_by


def test_third_parties_are_not_taken_for_debian(tmp_path):
    folder = lay_sources(
        tmp_path / "apt",
        docker_list="deb http://docker.example/linux/debian bookworm stable\n",
        database_list="deb http://postgres.example/pub bookworm-pgdg main\n",
        node_sources="Types: deb\nURIs: http://node.example\nSuites: nodistro\nComponents: main\n",
        other_list="deb http://other.example/12/prod bookworm main\n",
        zebian_list="deb http://mirror.example/debian/ bookworm main\n",
        debian_list_disabled="deb http://off.example/debian bookworm main\n",
    )
    assert [entry.uri for entry in debian_entries(folder)] == [
        "http://mirror.example/debian/",
        "http://other.example/12/prod",
    ]


@needs_apt
def test_machine_without_debian_sources(tmp_path):
    folder = lay_sources(
        tmp_path / "apt", sources_list="deb http://mirror.example/ubuntu noble main\n"
    )
    with pytest.raises(SetupError, match="name no archive of Debian itself"):
        DebianArchive.of_machine(tmp_path / "archive", folder)


@needs_apt
def test_no_network_is_named(tmp_path):
    # Nothing listens on port 1.
    folder = lay_sources(
        tmp_path / "apt", sources_list="deb http://127.0.0.1:1/debian bookworm main\n"
    )
    archive = DebianArchive.of_machine(tmp_path / "archive", folder)
    with pytest.raises(SetupError, match=r"archive failed: The network, or the server asked"):
        archive.unpack({"hello": "sid"}, tmp_path / "target")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """An archive of one small package, not signed."""
    root = tmp_path / "debian"
    tree = tmp_path / "tree"
    (tree / "DEBIAN").mkdir(parents=True)
    (tree / "usr").mkdir()
    (tree / "usr" / "greeting").write_text("hello")
    (tree / "DEBIAN" / "control").write_text(
        "Package: greeting\nVersion: 4.7-1\nArchitecture: all\n"
        "Maintainer: Nobody <nobody@example.com>\nDescription: greets\n"
    )
    (root / "pool").mkdir(parents=True)
    package = root / "pool" / "greeting_4.7-1_all.deb"
    subprocess.run(["dpkg-deb", "--build", tree, package], check=True, capture_output=True)
    architecture = subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    for suite in ("sid", "stable"):
        lists = root / "dists" / suite / "main" / f"binary-{architecture}"
        lists.mkdir(parents=True)
        control = (tree / "DEBIAN" / "control").read_text()
        digest = hashlib.sha256(package.read_bytes()).hexdigest()
        entry = (
            f"{control}Filename: pool/{package.name}\n"
            f"Size: {package.stat().st_size}\nSHA256: {digest}\n"
        )
        (lists / "Packages").write_text(entry)
        listed = hashlib.sha256(entry.encode()).hexdigest()
        (root / "dists" / suite / "Release").write_text(
            f"Suite: {suite}\nCodename: {suite}\nArchitectures: {architecture}\nComponents: main\n"
            f"SHA256:\n {listed} {len(entry)} main/binary-{architecture}/Packages\n"
        )
    return root


def archive_at(root: Path, folder: Path, *, trusted: bool) -> DebianArchive:
    return DebianArchive(
        folder, [ArchiveEntry(f"file:{root}", ("sid",), ("main",), trusted=trusted)]
    )


@needs_apt
def test_package_is_unpacked(tmp_path, repository):
    archive = archive_at(repository, tmp_path / "archive", trusted=True)
    archive.unpack({"greeting": "4.7"}, tmp_path / "target")
    assert (tmp_path / "target/usr/greeting").read_text() == "hello"


@needs_apt
def test_version_that_is_gone_is_named(tmp_path, repository):
    archive = archive_at(repository, tmp_path / "archive", trusted=True)
    with pytest.raises(SetupError, match="no greeting of version 9"):
        archive.unpack({"greeting": "9."}, tmp_path / "target")


@needs_apt
def test_broken_package_is_refused(tmp_path, repository):
    package = next((repository / "pool").glob("*.deb"))
    content = bytearray(package.read_bytes())
    content[len(content) // 2] ^= 0xFF
    package.write_bytes(content)
    archive = archive_at(repository, tmp_path / "archive", trusted=True)
    with pytest.raises(SetupError, match="Fetching packages from the Debian archive failed"):
        archive.unpack({"greeting": "sid"}, tmp_path / "target")
    assert not (tmp_path / "target").exists()


@needs_apt
def test_archive_without_signature_is_refused(tmp_path, repository):
    archive = archive_at(repository, tmp_path / "archive", trusted=False)
    with pytest.raises(SetupError, match="not signed"):
        archive.unpack({"greeting": "sid"}, tmp_path / "target")
