"""Packages from the Debian archive, unpacked into a folder without being installed.

apt does the fetching and checks the archive's signature. It is pointed at folders of its own, so
that neither root nor any change to the machine is needed. Where the archive is to be found is
read from the machine's own sources.
"""

from __future__ import annotations

import os
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import SetupError
from .processes import require_program, run
from .progress import Progress, say

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"

SOURCES = Path("/etc/apt")
_DEBIAN_SUITES = {
    "stable", "oldstable", "testing", "unstable", "sid",
    "bullseye", "bookworm", "trixie", "forky", "duke",
}  # fmt: skip
_LISTS_MEGABYTES = 400


@dataclass(frozen=True)
class ArchiveEntry:
    """One archive that the machine's sources name."""

    uri: str
    suites: tuple[str, ...]
    components: tuple[str, ...]
    signed_by: str = ""
    trusted: bool = False

    @property
    def is_debian(self) -> bool:
        """Whether this is a release of Debian itself, not its security part or a third party."""
        return (
            any(suite in _DEBIAN_SUITES for suite in self.suites)
            and "main" in self.components
            and "security" not in self.uri
        )

    @property
    def looks_official(self) -> bool:
        """Whether the path is the one mirrors of Debian use."""
        return self.uri.rstrip("/").endswith("/debian")


def read_entries(folder: Path = SOURCES) -> list[ArchiveEntry]:
    """Return the entries for binary packages in an ``/etc/apt`` folder, in apt's order."""
    files = [folder / "sources.list", *sorted((folder / "sources.list.d").glob("*"))]
    entries: list[ArchiveEntry] = []
    for file in files:
        try:
            text = file.read_text(errors="replace")
        except OSError:
            continue
        if file.suffix == ".sources":
            entries.extend(_parse_paragraphs(text))
        elif file.suffix == ".list":
            entries.extend(_parse_lines(text))
    return entries


def debian_entries(folder: Path = SOURCES) -> list[ArchiveEntry]:
    """Return the entries that lead to Debian's own archive, the likeliest first."""
    found = [entry for entry in read_entries(folder) if entry.is_debian]
    return sorted(found, key=lambda entry: not entry.looks_official)


def _parse_lines(text: str) -> Iterator[ArchiveEntry]:
    """Read the format with one line an entry: ``deb [options] uri suite component …``."""
    for line in text.splitlines():
        match = re.match(
            r"deb\s+(?:\[(?P<options>[^]]*)\]\s*)?(?P<uri>\S+)\s+(?P<suite>\S+)(?P<rest>[^#]*)",
            line.strip(),
        )
        if match:
            pairs = (pair.partition("=") for pair in (match["options"] or "").split())
            options = {name.lower(): value for name, _, value in pairs}
            yield ArchiveEntry(
                uri=match["uri"],
                suites=(match["suite"],),
                components=tuple(match["rest"].split()),
                signed_by=options.get("signed-by", ""),
                trusted=options.get("trusted", "").lower() == "yes",
            )


def _parse_paragraphs(text: str) -> Iterator[ArchiveEntry]:
    """Read the format of ``.sources`` files: paragraphs of fields, continued by indented lines."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        fields: dict[str, str] = {}
        name = ""
        for line in paragraph.splitlines():
            if line.startswith("#"):
                continue
            if line[:1] in (" ", "\t") and name:
                fields[name] += "\n" + line
            elif ":" in line:
                name, _, value = line.partition(":")
                name = name.strip().lower()
                fields[name] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled", "") == "no":
            continue
        for uri in fields.get("uris", "").split():
            yield ArchiveEntry(
                uri=uri,
                suites=tuple(fields.get("suites", "").split()),
                components=tuple(fields.get("components", "").split()),
                signed_by=fields.get("signed-by", ""),
                trusted=fields.get("trusted", "").lower() == "yes",
            )


class DebianArchive:
    """Debian's archive through an apt with folders of its own."""

    def __init__(self, folder: Path, entries: list[ArchiveEntry]) -> None:
        """Use the first of the entries that answers; keep lists and packages in ``folder``."""
        self._folder = folder
        self._entries = entries
        self._updated = False

    @classmethod
    def of_machine(cls, folder: Path, sources: Path = SOURCES) -> DebianArchive:
        """Return the archive that the machine's sources name.

        :raises SetupError: when apt is missing or no entry leads to Debian's archive
        """
        require_program("apt-get", "apt")
        require_program("dpkg-deb", "dpkg")
        entries = debian_entries(sources)
        if not entries:
            raise SetupError(f"The apt sources below {sources} name no archive of Debian itself.")
        return cls(folder, entries)

    def unpack(self, packages: dict[str, str], target: Path) -> None:
        """Fetch packages and unpack them into ``target``.

        :param packages: name → suite, or name → the text that its version must contain
        :raises SetupError: when one cannot be had
        """
        self._update()
        wanted = [self._choose(name, which) for name, which in packages.items()]
        for path in self._download(wanted):
            say(f"Unpacking {path.name.partition('_')[0]}")
            run(["dpkg-deb", "-x", path, target], failure=f"Unpacking {path.name} failed")
        shutil.rmtree(self._packages)

    @property
    def _packages(self) -> Path:
        return self._folder / "packages"

    @property
    def _configuration(self) -> Path:
        return self._folder / "apt.conf"

    def _update(self) -> None:
        """Fetch the lists of packages from the first entry that answers."""
        if self._updated:
            return
        problems = []
        for entry in self._entries:
            self._configure(entry)
            say("Reading the lists of the Debian archive")
            try:
                self._apt("update", failure="Reading the lists of the Debian archive failed")
            except SetupError as error:
                problems.append(str(error))
            else:
                self._updated = True
                return
        raise SetupError(problems[0])

    def _configure(self, entry: ArchiveEntry) -> None:
        for part in ("lists/partial", "cache/archives/partial"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        signature = "Trusted: yes" if entry.trusted else f"Signed-By: {entry.signed_by or KEYRING}"
        sources = self._folder / "archive.sources"
        sources.write_text(
            f"Types: deb\nURIs: {entry.uri}\nSuites: sid stable\nComponents: main\n{signature}\n"
        )
        user = "root" if os.geteuid() == 0 else ""
        self._configuration.write_text(
            f'Dir::Etc::sourcelist "{sources}";\n'
            'Dir::Etc::sourceparts "-";\n'
            'Dir::Etc::preferences "-";\n'
            'Dir::Etc::preferencesparts "-";\n'
            f'Dir::State::lists "{self._folder}/lists";\n'
            f'Dir::Cache "{self._folder}/cache";\n'
            f'Dir::Log "{self._folder}";\n'
            'Acquire::Languages "none";\n'
            'Acquire::Retries "3";\n'
            'Acquire::http::Timeout "60";\n'
            'APT::Update::Error-Mode "any";\n'
            "#clear APT::Update::Pre-Invoke;\n"
            "#clear APT::Update::Post-Invoke;\n"
            "#clear APT::Update::Post-Invoke-Success;\n"
            "#clear Acquire::IndexTargets::deb::DEP-11;\n"
            + (f'APT::Sandbox::User "{user}";\n' if user else "")
        )

    def _apt(self, *arguments: str, failure: str, program: str = "apt-get", cwd=None) -> str:
        environment = dict(os.environ, LC_ALL="C", DEBIAN_FRONTEND="noninteractive")
        return run(
            [program, "-c", self._configuration, "-q", *arguments],
            failure=failure,
            cwd=cwd,
            env=environment,
        )

    def _choose(self, name: str, which: str) -> str:
        """Return ``name/suite`` or ``name=version``, as apt-get wants it."""
        if which in _DEBIAN_SUITES:
            return f"{name}/{which}"
        listing = self._apt(
            "madison", name, failure=f"Looking for {name} failed", program="apt-cache"
        )
        versions = [line.split("|")[1].strip() for line in listing.splitlines() if "|" in line]
        for version in versions:
            if which in version:
                return f"{name}={version}"
        raise SetupError(f"The Debian archive has no {name} of version {which}.")

    def _download(self, wanted: list[str]) -> list[Path]:
        """Fetch the packages; return their files."""
        shutil.rmtree(self._packages, ignore_errors=True)
        self._packages.mkdir(parents=True)
        listing = self._apt(
            "download", "--print-uris", *wanted, failure="The Debian archive lacks a package"
        )
        sizes = [int(size) for size in re.findall(r"^'\S+' \S+ (\d+)", listing, re.MULTILINE)]
        with _watch(self._packages, "Debian packages", sum(sizes)):
            self._apt(
                "download",
                *wanted,
                failure="Fetching packages from the Debian archive failed",
                cwd=self._packages,
            )
        return sorted(self._packages.glob("*.deb"))


class _watch:  # noqa: N801 - used like a function
    """Show how much of a folder has arrived while the body runs."""

    def __init__(self, folder: Path, label: str, total: int) -> None:
        self._folder = folder
        self._progress = Progress(label, total / 1e6, "MB")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._follow, daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, kind, *_details) -> None:
        self._ended.set()
        self._thread.join()
        if kind is None:
            self._progress.finish()

    def _follow(self) -> None:
        while not self._ended.wait(0.5):
            sizes = []
            for path in self._folder.rglob("*"):
                try:
                    sizes.append(path.stat().st_size)
                except OSError:
                    continue  # moved by apt between listing and looking
            self._progress.show(sum(sizes) / 1e6)
