"""Each core is of use alone and each feature with its core alone; none leaves a trace."""

from __future__ import annotations

import json
import secrets
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from environment import databases
from environment.addons import cores, installable_addons, manifests
from environment.templates import alone_templates, in_use

TAKES_MINUTES = True

SCRIPT = Path(__file__).with_name("alone.py")
DEPENDS = {
    name: set(manifest["depends"])
    for name, manifest in manifests().items()
    if name in installable_addons()
}


@pytest.fixture
def clone_bare(run_name: str) -> Iterator[Callable[[str], str]]:
    """Make a database with what a core needs and nothing else: ``clone_bare(core) -> name``."""
    made = []

    def clone(core: str) -> str:
        template = alone_templates()[core]
        made.append(f"{run_name}_{secrets.token_hex(3)}_alone")
        with in_use(template):
            databases.clone(template, made[-1])
        return made[-1]

    yield clone
    for name in made:
        databases.drop(name)


@pytest.mark.parametrize("core", cores())
def test_alone_and_with_each_feature(clone_bare: Callable[[str], str], core: str) -> None:
    family = family_of(core)
    plan = json.dumps({name: sorted(DEPENDS[name]) for name in family})
    ended = subprocess.run(
        [sys.executable, SCRIPT, clone_bare(core), plan, core],
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    found = json.loads(ended.stdout.splitlines()[-1])
    print(found["seconds"])
    assert not found["problems"], "\n".join(found["problems"])
    assert found["seconds"].keys() == family


def family_of(core: str) -> set[str]:
    """Return a core, the add-ons of ours that it needs, and those that need it."""
    needed, needing = {core}, {core}
    while more := {name for one in needed for name in DEPENDS[one] & DEPENDS.keys()} - needed:
        needed |= more
    while more := {name for name, depends in DEPENDS.items() if needing & depends} - needing:
        needing |= more
    return needed | needing
