"""The translation files say what the add-ons say, and the Chinese ones say all of it."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import polib
import pytest

from environment.addons import all_addons
from environment.odoo_program import odoo_command

LANGUAGES = ("zh_CN", "zh_TW")
ADDONS = all_addons()
NAMES = [folder.name for folder in ADDONS]

# A placeholder, or the start of a tag, which a translation must keep.
KEPT = re.compile(r"%(?:\(\w+\))?[a-z%]|</?[a-z]+")

REFRESH = f"""To refresh the files:
    bin/odoo -d translations -i {",".join(NAMES)} -u {",".join(NAMES)} --stop-after-init
    bin/odoo i18n export -d translations {" ".join(NAMES)}
and, with gettext, for each add-on (then translate what is empty):
    msgmerge --update --no-fuzzy-matching --backup=none \\
        addons/NAME/i18n/LANGUAGE.po addons/NAME/i18n/NAME.pot
"""


def template_of(addon: Path) -> Path:
    return addon / "i18n" / f"{addon.name}.pot"


def read_terms(path: Path) -> dict[str, str]:
    """Return the translations of a file by their terms."""
    assert path.is_file(), f"{path} is missing.\n{REFRESH}"
    return {entry.msgid: entry.msgstr for entry in polib.pofile(str(path)) if not entry.obsolete}


# Each add-on by itself: in one file, a term of several stands for one of them alone.
EXPORT = """
from pathlib import Path
from odoo.tools.translate import trans_export
for name in {names}:
    with (Path({folder!r}) / f"{{name}}.po").open("wb") as file:
        trans_export(None, [name], file, "po", env)
"""


def export_terms(database: str, folder: Path) -> dict[str, set[str]]:
    """Return the terms that Odoo finds in each add-on of a database."""
    ended = subprocess.run(
        odoo_command("shell", "-d", database, "--no-http"),
        input=EXPORT.format(names=NAMES, folder=str(folder)),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    return {
        name: {entry.msgid for entry in polib.pofile(str(folder / f"{name}.po"))} for name in NAMES
    }


def list_of(title: str, terms: set[str]) -> str:
    return "\n    ".join([title, *map(repr, sorted(terms))]) if terms else ""


def test_templates_hold_exactly_the_terms_of_the_addons(
    clone_database: Callable[..., str], tmp_path: Path
):
    exported = export_terms(clone_database("translations"), tmp_path)
    problems = []
    for addon in ADDONS:
        committed = set(read_terms(template_of(addon)))
        found = exported[addon.name]
        problems.append(list_of(f"Not in {template_of(addon)}:", found - committed))
        problems.append(list_of(f"Only in {template_of(addon)}:", committed - found))
    problems = [problem for problem in problems if problem]
    assert not problems, "\n".join([*problems, REFRESH])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("addon", ADDONS, ids=NAMES)
def test_every_term_is_translated(addon: Path, language: str):
    path = addon / "i18n" / f"{language}.po"
    translations = read_terms(path)
    terms = set(read_terms(template_of(addon)))
    missing = {term for term in terms if not translations.get(term, "").strip()}
    assert not missing, f"{list_of(f'Not translated in {path}:', missing)}\n{REFRESH}"
    altered = {
        term
        for term in terms
        if Counter(KEPT.findall(term)) != Counter(KEPT.findall(translations[term]))
    }
    assert not altered, list_of(f"Placeholders or tags are not kept in {path}:", altered)
