"""Databases that are installed once and copied ever after.

A base template has the modules of Odoo that the add-ons stand on; a test template has the
add-ons themselves. Their names hold a fingerprint of what they were made from.
"""

from __future__ import annotations

import contextlib
import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator, Set
from pathlib import Path

from . import databases
from .addons import code_fingerprint, cores, folder_fingerprint, installable_addons
from .cache import CHECKOUT, Cache, check_free_space, fingerprint
from .errors import SetupError
from .odoo_program import install, pregenerate_assets
from .progress import Progress

# What the add-ons depend on, and what shows them at work.
CORE_MODULES = (
    "sale_management",
    "purchase_stock",
    "sale_stock",
    "sale_margin",
    "crm",
    "rating",
    "point_of_sale",
)

# What the add-ons between two others need, and what must get on with them; only tests install it.
NEIGHBOURS = (
    "website_sale",
    "partnership",
    "survey",
    "sale_loyalty",
    "helpdesk_mgmt_sla",
    "partner_contact_birthdate",
    "mrp",
    "purchase_requisition",
    "product_expiry",
    "queue_job",
    "edi_core_oca",
)

# What the demo company uses as well.
SHOWN_BESIDE = ("survey",)

_BASE = "odoo_addons_base_"
_TEST = "odoo_addons_test_"
_MEGABYTES = 600

# The program that writes the demo company.
STORY = CHECKOUT / "demo"


def base_template(*, with_demo: bool) -> str:
    """Return the name of a database with Odoo's own modules, made if it is not there.

    :param with_demo: with Odoo's demo data
    """
    label = f"Installing Odoo's modules{' with demo data' if with_demo else ''} (once)"
    return _base(
        "demo" if with_demo else "plain",
        CORE_MODULES,
        lambda new: install(new, list(CORE_MODULES), label, with_demo=with_demo),
    )


def bare_test_template() -> str:
    """Return the name of a database with all that the add-ons are tested beside, without them."""
    plain = base_template(with_demo=False)
    return _base(
        "tests", (plain, *NEIGHBOURS), lambda new: clone_with(plain, new, list(NEIGHBOURS))
    )


def test_template() -> str:
    """Return the name of a database with all add-ons as they are now, without demo data."""
    return _with_addons("all", bare_test_template(), installable_addons())


def demo_template() -> str:
    """Return the name of a database with all add-ons as they are now and the demo company."""
    return _with_addons(
        "demo",
        base_template(with_demo=False),
        [*installable_addons(), *SHOWN_BESIDE],
        tell_demo_story,
        folder_fingerprint(STORY),
    )


def alone_templates() -> dict[str, str]:
    """Return, by each core add-on, a database with nothing but what it needs of others."""
    needs = {name: tuple(modules) for name, modules in cores().items()}
    names = {name: _base_name("alone", modules) for name, modules in needs.items()}
    for modules in needs.values():
        label = f"Installing {', '.join(modules)} and nothing else (once)"
        _base(
            "alone",
            modules,
            lambda new, modules=modules, label=label: install(new, list(modules), label),
            beside=set(names.values()),
        )
    return names


def _base_name(kind: str, made_from: tuple[str, ...]) -> str:
    made = fingerprint(_odoo_version(), made_from, Cache.of_checkout().root)
    return f"{_BASE}{kind}_{made}"


def _base(
    kind: str,
    made_from: tuple[str, ...],
    make: Callable[[str], None],
    beside: Set[str] = frozenset(),
) -> str:
    """Return the name of a database with modules of others, made if it is not there.

    :param beside: others of this kind that are in use
    """
    name = _base_name(kind, made_from)
    with Cache.of_checkout().lock(f"base template {kind}"):
        if databases.read_mark(name) is None:
            check_free_space(Cache.of_checkout().root, _MEGABYTES, "a database")
            databases.make(name, make, {"modules": ",".join(made_from)})
            _drop_unused(f"{_BASE}{kind}_", but={name, *beside})
    return name


def _with_addons(
    kind: str,
    base: str,
    modules: list[str],
    fill: Callable[[str], None] | None = None,
    filled_from: str = "",
) -> str:
    """Return the name of a copy of a base with add-ons as they are now, made if need be.

    :param fill: called with the name of the new database
    :param filled_from: a fingerprint of what that writes
    """
    prefix = f"{_TEST}{kind}_"
    name = f"{prefix}{fingerprint(base, modules, code_fingerprint(), filled_from)}"

    def make(new: str) -> None:
        clone_with(base, new, modules)
        if fill:
            fill(new)

    with Cache.of_checkout().lock(f"test template {kind}"):
        if databases.read_mark(name) is None:
            databases.make(name, make, {"base": base})
            _drop_unused(prefix, but={name})
    return name


def tell_demo_story(database: str) -> None:
    """Write the demo company into a database without data, and build its style sheets.

    :raises SetupError: when that fails; the program has said why
    """
    progress = Progress("Writing two years of the demo company")
    command = [sys.executable, "-m", STORY.name, "-d", database]
    if subprocess.run(command, cwd=CHECKOUT, check=False).returncode:
        raise SetupError("Writing the demo company failed.")
    progress.finish()
    pregenerate_assets(database)


def clone_with(template: str, name: str, modules: list[str]) -> None:
    """Copy a template and install modules into the copy."""
    databases.clone(template, name)
    if modules:
        install(name, modules, f"Installing {', '.join(modules)}")


@contextlib.contextmanager
def in_use(name: str) -> Iterator[None]:
    """Keep others from dropping a database as unused while the body runs, even if it is killed."""
    with _use_file(name).open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_SH)
        yield


def is_in_use(name: str) -> bool:
    """Return whether a running process has said that it uses the database."""
    with _use_file(name).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _use_file(name: str) -> Path:
    folder = Cache.of_checkout().path("locks")
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"use-{name}"


def _drop_unused(prefix: str, but: Set[str]) -> None:
    """Drop the templates that an earlier state of the code left behind."""
    for name in databases.names(prefix):
        if name not in but and databases.read_mark(name) is not None and not is_in_use(name):
            databases.drop(name)
            _use_file(name).unlink(missing_ok=True)


def _odoo_version() -> str:
    """Return what tells one Odoo from another: version, place, and a checkout's commit."""
    import odoo.release  # only here: the rest works without Odoo

    parent = Path(odoo.release.__file__).parent.parent
    head = parent / ".git" / "HEAD"
    commit = head.read_text().strip() if head.is_file() else ""
    if commit.startswith("ref: ") and (reference := head.parent / commit[5:]).is_file():
        commit = reference.read_text().strip()
    return f"{odoo.release.version} {parent} {commit}"
