"""The widgets of the add-ons and their unit tests, by their files."""

from __future__ import annotations

import re
from pathlib import Path

# What a file puts into one of these registries is shown to people.
_SHOWN = ("actions", "fields", "formatters", "view_widgets", "views")
_REGISTERS = re.compile(rf"""registry\s*\.category\(["'](?:{"|".join(_SHOWN)})["']\)\s*\.add\(""")


def widgets_of(addon: Path) -> list[Path]:
    """Return the files below static/src that register something that is shown."""
    return [path for path in sorted(addon.glob("static/src/**/*.js")) if registers(path)]


def registers(path: Path) -> bool:
    """Return whether a file registers something that is shown."""
    return bool(_REGISTERS.search(path.read_text()))


def unit_tests_of(addon: Path) -> list[Path]:
    """Return the files with unit tests."""
    return sorted(addon.glob("static/**/*.test.js"))


def module_of(addon: Path, path: Path) -> str:
    """Return the name by which Odoo's client knows a file below static."""
    relative = path.relative_to(addon / "static").with_suffix("")
    inside = relative.relative_to("src") if relative.parts[0] == "src" else Path("..") / relative
    return f"@{addon.name}/{inside}"


def without_test(addon: Path) -> list[Path]:
    """Return the widgets that no unit test imports."""
    texts = [path.read_text() for path in unit_tests_of(addon)]
    return [
        path
        for path in widgets_of(addon)
        if not any(f'"{module_of(addon, path)}"' in text for text in texts)
    ]


def suite_id(name: str) -> str:
    """Return the id of a suite as the test page computes it from its full name."""
    number = 0
    for letter in name:
        number = ((number << 5) - number + ord(letter)) & 0xFFFFFFFF
    return f"{number:08x}"
