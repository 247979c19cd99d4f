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


def manifests() -> dict[str, dict]:
    """Return what the manifests of the add-ons say, by their names."""
    return {
        folder.name: ast.literal_eval((folder / "__manifest__.py").read_text())
        for folder in all_addons()
    }


def installable_addons() -> list[str]:
    """Return the names of the add-ons to install; those that install themselves are left out."""
    return [
        name
        for name, manifest in manifests().items()
        if manifest.get("installable", True) and not manifest.get("auto_install")
    ]


def cores() -> dict[str, list[str]]:
    """Return what each core add-on needs of others, by its name: those that are applications."""
    known = manifests()
    return {
        name: sorted(set(manifest["depends"]) - known.keys())
        for name, manifest in known.items()
        if manifest.get("application")
    }


def code_fingerprint() -> str:
    """Return a text that changes when what the add-ons put into a database may have changed."""
    return folder_fingerprint(ADDONS)


def folder_fingerprint(folder: Path) -> str:
    """Return a text that changes when what a folder's files put into a database may have."""
    parts = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not _WITHOUT_EFFECT.intersection(relative.parts):
            parts.extend((relative, path.read_bytes()))
    return fingerprint(*parts)
