"""Where Odoo comes from: the user's checkout, an installed package, or Debian's archive."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from .browser_support import add_browser_support
from .cache import Cache
from .debian_archive import SOURCES, DebianArchive
from .errors import SetupError
from .progress import say

SERIES = "19.0"
SOURCE_VARIABLE = "ODOO_SOURCE"

_MEGABYTES = 2200
_PACKAGE = "odoo-19"
# Odoo's package has links to the files of these; without jQuery the login page answers 500.
_LINKED_PACKAGES = {
    "libjs-jquery": "sid",
    "libjs-jquery-form": "sid",
    "libjs-underscore": "sid",
    "fonts-roboto-unhinted": "sid",
    "fonts-montserrat": "sid",
    "fonts-inconsolata": "sid",
    "fonts-ocr-b": "sid",
    "fonts-glyphicons-halflings": "sid",
    # Later versions lack the files that Odoo links to, and every icon disappears.
    "fonts-font-awesome": "4.7",
}


@dataclass(frozen=True)
class OdooSource:
    """An Odoo of the right series.

    :param parent: the folder that holds the package ``odoo``
    :param addons_paths: the folders with Odoo's own add-ons
    """

    parent: Path
    addons_paths: tuple[Path, ...]


def series_of(package: Path) -> str:
    """Return the series of the package ``odoo`` in this folder, or an empty text.

    Read, not imported: importing another series would run it.
    """
    try:
        text = (package / "release.py").read_text()
    except OSError:
        return ""
    match = re.search(r"^version_info\s*=\s*\(\s*['\"]?([\w~]+)['\"]?\s*,\s*(\d+)", text, re.M)
    return ".".join(match.groups()) if match else ""


class OdooFinder:
    """Finds Odoo, or gets it."""

    def __init__(self, cache: Cache, sources: Path = SOURCES) -> None:
        """Look on this machine.

        :param sources: the folder with apt's sources
        """
        self._cache = cache
        self._sources = sources
        self._step = cache.step("odoo", _PACKAGE, sorted(_LINKED_PACKAGES.items()))

    def find(self) -> OdooSource | None:
        """Return the Odoo that is there without anything being fetched.

        :raises SetupError: when ODOO_SOURCE names something that will not do
        """
        if named := os.environ.get(SOURCE_VARIABLE):
            return _checkout(Path(named).expanduser().absolute())
        return self._installed() or (self._unpacked() if self._step.is_done() else None)

    def fetch(self) -> OdooSource:
        """Get Odoo from Debian's archive; to be called with the set-up lock held.

        :raises SetupError: when it cannot be had, with the ways out
        """
        say(f"Fetching Odoo {SERIES} from the Debian archive (about 130 MB, once)")
        try:
            self._step.make(self._build, megabytes=_MEGABYTES, purpose=f"Odoo {SERIES}")
        except SetupError as error:
            raise SetupError(_nothing_found(self._foreign_series(), error)) from error
        return self._unpacked()

    def _installed(self) -> OdooSource | None:
        """Return the Odoo that the calling Python can import, if its series is right."""
        for package in _importable_packages(self._cache):
            if series_of(package) == SERIES:
                return _with_addons(package)
        return None

    def _foreign_series(self) -> list[str]:
        """Return what was found importable but is of another series, for messages."""
        return [
            f"{series_of(package)} in {package}"
            for package in _importable_packages(self._cache)
            if series_of(package) not in ("", SERIES)
        ]

    def _unpacked(self) -> OdooSource:
        return _with_addons(self._step.folder / "usr/lib/python3/dist-packages/odoo")

    def _build(self, folder: Path) -> None:
        for found in self._foreign_series():
            say(f"Odoo {found} is not used: {SERIES} is wanted")
        archive = DebianArchive.of_machine(self._cache.path("archive"), self._sources)
        archive.unpack({_PACKAGE: "sid", **_LINKED_PACKAGES}, folder)
        package = folder / "usr/lib/python3/dist-packages/odoo"
        if (series := series_of(package)) != SERIES:
            raise SetupError(f"The archive's {_PACKAGE} is Odoo {series or 'of no known series'}.")
        add_browser_support(package, self._cache)
        shutil.rmtree(self._cache.path("archive"))


def _checkout(folder: Path) -> OdooSource:
    """Return the Odoo in the user's checkout.

    :raises SetupError: when there is none, or one of another series
    """
    missing = [name for name in ("odoo-bin", "odoo", "addons") if not (folder / name).exists()]
    if missing:
        raise SetupError(
            f"{SOURCE_VARIABLE}={folder} is no checkout of Odoo: {', '.join(missing)} missing."
        )
    series = series_of(folder / "odoo")
    if series != SERIES:
        raise SetupError(
            f"{SOURCE_VARIABLE}={folder} is Odoo {series or 'of no known series'}; "
            f"Odoo {SERIES} is wanted."
        )
    return _with_addons(folder / "odoo")


def _with_addons(package: Path) -> OdooSource:
    paths = [package / "addons"]
    # A checkout keeps most add-ons beside the package; Debian's has a second copy there.
    beside = package.parent / "addons"
    if (beside / "web").is_dir() and not (package / "addons" / "web").is_dir():
        paths.append(beside)
    return OdooSource(package.parent, tuple(paths))


def _importable_packages(cache: Cache) -> list[Path]:
    """Return the folders that ``import odoo`` of the calling Python would look into."""
    try:
        spec = importlib.util.find_spec("odoo")
    except (ImportError, ValueError):
        return []
    locations = list(spec.submodule_search_locations or []) if spec else []
    # What this set-up unpacked earlier is importable from the project's own Python.
    return [Path(path) for path in locations if not Path(path).is_relative_to(cache.root)]


def _nothing_found(foreign: list[str], error: SetupError) -> str:
    installed = f"found Odoo {', '.join(foreign)}" if foreign else "none importable"
    return (
        f"No Odoo {SERIES} could be had. Tried:\n"
        f"  1. {SOURCE_VARIABLE}: not set\n"
        f"  2. an installed Odoo {SERIES}: {installed}\n"
        f"  3. the Debian archive: {error}\n"
        "Ways out:\n"
        f"  - your own checkout of Odoo {SERIES}: {SOURCE_VARIABLE}=/path/to/odoo bin/odoo …\n"
        "  - Docker: docker compose up (see README.md)\n"
        "  - a Debian machine with apt and the network: call again there"
    )
