"""What the add-ons' tests find in Odoo's caches of what was looked up before them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_BEGIN = """
from types import SimpleNamespace

from environment.kept_caches import Kept
from odoo.tools.lru import LRU

registry = SimpleNamespace(_Registry__caches={"default": LRU(9), "groups": LRU(9)})
default, groups = "default", "groups"

def cache(name):
    return registry._Registry__caches[name]

def forget_all():
    for each in registry._Registry__caches.values():
        each.clear()

def end(kept):
    # As after a test: ours, Odoo's own, ours.
    kept.add_new()
    forget_all()
    kept.put_back()

def held():
    return {name: each.snapshot for name, each in registry._Registry__caches.items()}
"""


def run(checkout: Path, script: str) -> None:
    """Run a script where Odoo may be imported; what it asserts must hold."""
    ended = subprocess.run(
        [sys.executable, "-c", _BEGIN + script],
        cwd=checkout,
        capture_output=True,
        text=True,
        check=False,
    )
    assert not ended.returncode, ended.stderr


def test_what_a_test_changes_goes_with_it_and_what_it_looks_up_stays(checkout):
    run(
        checkout,
        """
cache(default)["limit"] = 10
kept = Kept(registry)
cache(groups)["manager"] = 1
# The test sets the limit, which empties the cache, and reads it.
cache(default).clear()
cache(default)["limit"] = 99
end(kept)
assert held() == {"default": {"limit": 10}, "groups": {"manager": 1}}, held()
""",
    )


def test_what_a_class_changes_goes_with_it_and_its_tests_change_nothing_for_it(checkout):
    run(
        checkout,
        """
cache(default)["limit"] = 10
of_class = Kept(registry)
cache(default).clear()
cache(default)["limit"] = 20
for change in (False, True):
    of_test = Kept(registry)
    assert cache(default)["limit"] == 20
    if change:
        forget_all()
        cache(default)["limit"] = 99
    cache(groups)["manager"] = 2 if change else 1
    end(of_test)
assert held() == {"default": {"limit": 20}, "groups": {"manager": 1}}, held()
end(of_class)
assert held() == {"default": {"limit": 10}, "groups": {"manager": 1}}, held()
""",
    )
