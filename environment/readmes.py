"""README.rst and static/description/index.html of each add-on, made from the parts in readme/.

The first is what a repository shows, the second what Odoo's Apps show.
"""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import docutils.core

from .addons import all_addons
from .cache import CHECKOUT
from .errors import one_message

# The parts in the order in which the community's add-ons show them.
_PARTS = {
    "DESCRIPTION": "",
    "CONTEXT": "Use Cases / Context",
    "INSTALL": "Installation",
    "CONFIGURE": "Configuration",
    "USAGE": "Usage",
    "ROADMAP": "Known issues / Roadmap",
    "DEVELOP": "Development",
    "HISTORY": "Changelog",
}
_LICENCES = {
    "LGPL-3": "GNU Lesser General Public License, version 3",
    "AGPL-3": "GNU Affero General Public License, version 3",
}


@one_message
def main(arguments: list[str]) -> int:
    """Write the files of every add-on; with ``--check`` only name those that are out of date.

    :return: 1 when ``--check`` found any, else 0
    """
    outdated = {
        path: text
        for addon in all_addons()
        for path, text in made_from_parts(addon).items()
        if not path.exists() or path.read_text() != text
    }
    if "--check" in arguments:
        for path in outdated:
            print(f"{path.relative_to(CHECKOUT)} is out of date: make readmes")
        return 1 if outdated else 0
    for path, text in outdated.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return 0


def made_from_parts(addon: Path) -> dict[Path, str]:
    """Return the texts that belong into an add-on's two files, by their paths."""
    readme = _readme(addon)
    page = docutils.core.publish_parts(
        readme,
        writer="html5",
        settings_overrides={
            "file_insertion_enabled": False,
            "raw_enabled": False,
            "report_level": 2,
            "halt_level": 2,
        },
    )
    return {
        addon / "README.rst": readme,
        addon / "static/description/index.html": page["html_body"],
    }


def _readme(addon: Path) -> str:
    manifest = ast.literal_eval((addon / "__manifest__.py").read_text())
    sections = [_heading(manifest["name"], "="), f"*{manifest['summary']}.*"]
    parts = {name: addon / "readme" / f"{name}.rst" for name in _PARTS}
    found = {name: path.read_text().strip() for name, path in parts.items() if path.exists()}
    sections.append(found.pop("DESCRIPTION"))
    if found:
        sections.append(".. contents::\n   :local:")
    for name, text in found.items():
        sections.extend((_heading(_PARTS[name], "-"), text))
    licence = f"{_LICENCES[manifest['license']]}, by the {manifest['author']}."
    sections.extend((_heading("Licence", "-"), licence))
    return "\n\n".join(sections) + "\n"


def _heading(text: str, line: str) -> str:
    return f"{text}\n{line * len(text)}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
