"""What the files of add-ons say of their order, read without Odoo.

Each check takes a :class:`Tree` and returns what is wrong, a line each.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

CUSTOMERS, SUPPLY = "customer_tiering", "supply_partner"
# The one add-on in which the two families meet; glue on top of it has a longer name.
MEETING = "customer_tiering_supply"
# Add-ons whose tick in the settings names others, and nothing else of theirs.
SETTINGS = {"res_config_settings.py", "res_config_settings_views.xml"}
STATUSES = {"Alpha", "Beta", "Production/Stable", "Mature"}

_BASES = {"Model", "TransientModel", "AbstractModel"}
# Written for people, or made by Odoo.
_PROSE = {"readme", "i18n", "description", "__pycache__"}
_READ = {".py", ".xml", ".csv", ".js", ".scss", ".css"}


@dataclass(frozen=True)
class ModelClass:
    """A class of a model as a file states it."""

    addon: str
    path: Path
    line: int
    name: str
    inherits: tuple[str, ...]
    other_bases: tuple[str, ...]

    @property
    def is_new(self) -> bool:
        """Whether the class makes the model, rather than extends it."""
        return self.name not in self.inherits

    @property
    def place(self) -> str:
        """File and line, from the add-on on."""
        return f"{_shown(self.path, self.addon)}:{self.line}"


@dataclass(frozen=True)
class Addon:
    """The files of one add-on."""

    folder: Path

    @property
    def name(self) -> str:
        """The technical name."""
        return self.folder.name

    @cached_property
    def manifest(self) -> dict:
        """What the manifest says."""
        return ast.literal_eval((self.folder / "__manifest__.py").read_text())

    @property
    def depends(self) -> list[str]:
        """What the add-on needs by its own word."""
        return self.manifest.get("depends", [])

    @cached_property
    def sources(self) -> list[Path]:
        """The files that a program reads, tests among them."""
        return [
            path
            for path in sorted(self.folder.rglob("*"))
            if path.suffix in _READ and not _PROSE.intersection(self._parts(path))
        ]

    @cached_property
    def code(self) -> list[Path]:
        """The Python files outside of the tests."""
        return [
            path
            for path in self.sources
            if path.suffix == ".py" and "tests" not in self._parts(path)
        ]

    def _parts(self, path: Path) -> tuple[str, ...]:
        return path.relative_to(self.folder).parts[:-1]


@dataclass
class Tree:
    """The add-ons in a folder."""

    folder: Path
    addons: dict[str, Addon] = field(init=False)

    def __post_init__(self) -> None:
        self.addons = {
            path.parent.name: Addon(path.parent)
            for path in sorted(self.folder.glob("*/__manifest__.py"))
        }

    def needed_by(self, name: str) -> set[str]:
        """Return what an add-on depends on, directly or not, by the manifests of this tree."""
        found: set[str] = set()
        waiting = list(self.addons[name].depends)
        while waiting:
            other = waiting.pop()
            if other not in found:
                found.add(other)
                waiting += self.addons[other].depends if other in self.addons else []
        return found

    @cached_property
    def models(self) -> list[ModelClass]:
        """The classes of models in all add-ons, tests apart."""
        return [
            model
            for addon in self.addons.values()
            for path in addon.code
            for model in _models_of(addon.name, path, self._constants)
        ]

    @cached_property
    def _constants(self) -> dict[str, str]:
        """Texts that files name at their top, by name: a model's name may be one."""
        return {
            target.id: node.value.value
            for addon in self.addons.values()
            for path in addon.code
            for node in ast.parse(path.read_text()).body
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
            for target in node.targets
            if isinstance(target, ast.Name)
        }


def stated_more_than_once(tree: Tree) -> list[str]:
    """Return models that an add-on states in more than one class: it extends itself."""
    found: dict[tuple[str, str], list[ModelClass]] = {}
    for model in tree.models:
        found.setdefault((model.addon, model.name), []).append(model)
    return [
        f"{addon}: {name} is stated more than once: {', '.join(one.place for one in classes)}"
        for (addon, name), classes in found.items()
        if len(classes) > 1
    ]


def not_in_their_own_file(tree: Tree) -> list[str]:
    """Return models whose file has another name, or is shared, or whose parts lie elsewhere."""
    problems = []
    shared: dict[Path, set[str]] = {}
    for model in tree.models:
        shared.setdefault(model.path, set()).add(model.name)
        expected = f"{model.name.replace('.', '_')}.py"
        if model.path.name != expected:
            problems.append(f"{model.place}: {model.name} belongs into {expected}")
        if model.other_bases:
            bases = ", ".join(model.other_bases)
            problems.append(f"{model.place}: {model.name} takes parts from {bases}")
    problems += [
        f"{path.relative_to(tree.folder)}: has several models: {', '.join(sorted(names))}"
        for path, names in shared.items()
        if len(names) > 1
    ]
    return problems


def not_imported(tree: Tree) -> list[str]:
    """Return files with models that their package does not import, so that Odoo has them not."""
    problems = []
    for path in sorted({model.path for model in tree.models}):
        package = path.with_name("__init__.py")
        text = package.read_text() if package.exists() else ""
        names = {
            alias.name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom) and node.level == 1 and not node.module
            for alias in node.names
        }
        if path.stem not in names:
            problems.append(f"{path.relative_to(tree.folder)}: not imported by its package")
    return problems


def named_without_being_needed(tree: Tree) -> list[str]:
    """Return where an add-on names another of the tree that it does not depend on.

    A field ``module_NAME`` of the settings is the one place where it may.
    """
    problems = []
    for addon in tree.addons.values():
        foreign = tree.addons.keys() - tree.needed_by(addon.name) - {addon.name}
        for path in addon.sources:
            text = path.read_text()
            for other in sorted(foreign):
                in_settings = path.name in SETTINGS
                # The page of the settings has a place of that name, too.
                before = rf"(?<![a-z0-9_]){r'(?<!id=.)' if in_settings else ''}"
                lines = _lines_with(text, rf"{before}{other}(?![a-z0-9_])")
                if not in_settings:
                    lines += _lines_with(text, rf"(?<![a-z0-9_])module_{other}(?![a-z0-9_])")
                problems += [f"{_shown(path, addon.name)}:{line}: names {other}" for line in lines]
    return problems


def models_of_dependants_named(tree: Tree) -> list[str]:
    """Return where an add-on names a model that only one which depends on it brings."""
    made = {}
    for model in tree.models:
        if model.is_new:
            made.setdefault(model.name, set()).add(model.addon)
    problems = []
    for addon in tree.addons.values():
        known = {addon.name, *tree.needed_by(addon.name)}
        unknown = {name for name, makers in made.items() if not makers & known}
        for path in addon.sources:
            text = path.read_text()
            for name in sorted(unknown):
                names = rf"{re.escape(name)}|model_{name.replace('.', '_')}"
                problems += [
                    f"{_shown(path, addon.name)}:{line}: names {name}"
                    for line in _lines_with(text, rf"(?<![\w.])(?:{names})(?![\w.])")
                ]
    return problems


def glue_with_one_side(tree: Tree) -> list[str]:
    """Return add-ons that install themselves although they lie between no two others."""
    problems = []
    for name, addon in tree.addons.items():
        automatic = addon.manifest.get("auto_install")
        if not automatic:
            continue
        stated = addon.depends if automatic is True else list(automatic)
        needed = {other for side in stated if side in tree.addons for other in tree.needed_by(side)}
        sides = set(stated) - needed
        if len(sides) < 2:
            problems.append(f"{name}: installs itself with one side: {', '.join(sorted(sides))}")
        if not set(stated) <= set(addon.depends):
            problems.append(f"{name}: installs itself with what it does not depend on")
    return problems


def families_that_meet(tree: Tree) -> list[str]:
    """Return add-ons of one family that depend on the other, outside of the one between them.

    What is named after that one builds on it, and installs itself.
    """
    problems = []
    for name, addon in tree.addons.items():
        builds_on_it = name.startswith(f"{MEETING}_") and MEETING in addon.depends
        if name == MEETING or (builds_on_it and addon.manifest.get("auto_install")):
            continue
        other = SUPPLY if name.startswith(CUSTOMERS) else CUSTOMERS
        problems += [
            f"{name}: depends on {needed}"
            for needed in sorted(tree.needed_by(name))
            if needed == other or needed.startswith(f"{other}_")
        ]
    return sorted(problems)


def incomplete(tree: Tree) -> list[str]:
    """Return what add-ons lack: a description, tests, translations, an icon, their status."""
    problems = []
    for name, addon in tree.addons.items():
        wanted = {
            "readme/DESCRIPTION.rst": "a description",
            "tests/__init__.py": "tests",
            f"i18n/{name}.pot": "terms to translate",
            "static/description/icon.png": "an icon",
        }
        problems += [
            f"{name}: has not {what} ({path})"
            for path, what in wanted.items()
            if not (addon.folder / path).is_file()
        ]
        if not list(addon.folder.glob("tests/test_*.py")):
            problems.append(f"{name}: has no tests (tests/test_*.py)")
        if addon.manifest.get("development_status") not in STATUSES:
            problems.append(f"{name}: the manifest does not say its development_status")
    return problems


CHECKS = (
    stated_more_than_once,
    not_in_their_own_file,
    not_imported,
    named_without_being_needed,
    models_of_dependants_named,
    glue_with_one_side,
    families_that_meet,
    incomplete,
)


def _models_of(addon: str, path: Path, constants: dict[str, str]) -> Iterator[ModelClass]:
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.ClassDef):
            continue
        bases = [ast.unparse(base) for base in node.bases]
        if not any(base.rpartition(".")[2] in _BASES for base in bases):
            continue
        stated = {
            target.id: statement.value
            for statement in node.body
            if isinstance(statement, ast.Assign)
            for target in statement.targets
            if isinstance(target, ast.Name)
        }
        inherits = _texts(stated.get("_inherit"), constants)
        name = _texts(stated.get("_name"), constants) or inherits
        if not name:
            raise ValueError(f"{path}:{node.lineno}: which model is {node.name}?")
        others = (base for base in bases if base.rpartition(".")[2] not in _BASES)
        yield ModelClass(addon, path, node.lineno, name[0], inherits, tuple(others))


def _texts(value: ast.expr | None, constants: dict[str, str]) -> tuple[str, ...]:
    """Return the texts that an expression stands for: one, a list of them, or names of such."""
    if value is None:
        return ()
    if isinstance(value, (ast.List, ast.Tuple)):
        return tuple(text for part in value.elts for text in _texts(part, constants))
    if isinstance(value, ast.Name):
        return (constants[value.id],)
    if isinstance(value, ast.Attribute):
        return (constants[value.attr],)
    return (ast.literal_eval(value),)


def _lines_with(text: str, pattern: str) -> list[int]:
    return [text.count("\n", 0, match.start()) + 1 for match in re.finditer(pattern, text)]


def _shown(path: Path, addon: str) -> str:
    return str(path.relative_to(path.parents[path.parts[::-1].index(addon)]))
