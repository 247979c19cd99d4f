"""What comes from npm: a file that Debian's package of Odoo leaves out, and a test's axe."""

from __future__ import annotations

import os
import shutil
import tarfile
from pathlib import Path

from .cache import Cache
from .errors import SetupError
from .processes import run
from .progress import say

_PACKAGE = "@mediapipe/selfie_segmentation@0.1.1675465747"
_FILE = "selfie_segmentation.js"
# Finds faults of accessibility on a page.
_AXE = "axe-core@4.14.1"


def add_browser_support(odoo_package: Path, cache: Cache) -> None:
    """Lay ``selfie_segmentation.js`` where Odoo's mail add-on expects it.

    Its absence is an error in the browser's console, and any such error fails every tour. An
    empty file is enough for that; only blurring the background of video calls needs the real one.
    """
    target = odoo_package / "addons/mail/static/lib/selfie_segmentation" / _FILE
    if target.exists() and target.stat().st_size:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    target.unlink(missing_ok=True)
    try:
        _fetch(_PACKAGE, _FILE, target, cache.path("npm"))
    except SetupError:
        say("The package for blurred video backgrounds cannot be had; going on without it")
        target.write_text("")


def axe_script(cache: Cache) -> Path:
    """Return the script of axe-core, fetched if it is not in the cache.

    :raises SetupError: when it cannot be had
    """
    target = cache.path("axe", f"{_AXE.replace('@', '-')}.js")
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        _fetch(_AXE, "axe.min.js", target, cache.path("npm-axe"))
    return target


def _fetch(package: str, file: str, target: Path, folder: Path) -> None:
    """Take a file from an npm package, with whatever registry npm is set up for."""
    npm = shutil.which("npm")
    if not npm:
        raise SetupError("npm is missing")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        run(
            [npm, "pack", "--silent", "--cache", folder / "cache", package],
            failure="Fetching from npm failed",
            cwd=folder,
            env=dict(os.environ, npm_config_fetch_retries="1"),
        )
        archive = next(folder.glob("*.tgz"))
        with tarfile.open(archive) as content:
            member = content.extractfile(f"package/{file}")
            target.write_bytes(member.read())
    except (StopIteration, KeyError, tarfile.TarError) as error:
        raise SetupError("the npm package is not as expected") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
