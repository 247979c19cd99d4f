"""The add-ons of this checkout."""

from __future__ import annotations

import ast
from pathlib import Path

from .cache import CHECKOUT, fingerprint

ADDONS = CHECKOUT / "addons"

# Changing these does not change what a database holds.
_WITHOUT_EFFECT = {"tests", "readme", "__pycache__"}


def all_addons() -> list[Path]:
    """Return the folders of the add-ons, sorted."""
    return sorted(path.parent for path in ADDONS.glob("*/__manifest__.py"))


def installable_addons() -> list[str]:
    """Return the names of the add-ons to install; those that install themselves are left out."""
    chosen = []
    for folder in all_addons():
        manifest = ast.literal_eval((folder / "__manifest__.py").read_text())
        if manifest.get("installable", True) and not manifest.get("auto_install"):
            chosen.append(folder.name)
    return chosen


def code_fingerprint() -> str:
    """Return a text that changes when what the add-ons put into a database may have changed."""
    parts = []
    for path in sorted(ADDONS.rglob("*")):
        relative = path.relative_to(ADDONS)
        if path.is_file() and not _WITHOUT_EFFECT.intersection(relative.parts):
            parts.extend((relative, path.read_bytes()))
    return fingerprint(*parts)
