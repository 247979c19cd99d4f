"""Lets the add-ons' tests find what Odoo has looked up before, as the calls of a server do.

After each test Odoo's own test case forgets all that its registry keeps, so that every test asks
the database anew for access rights, rules, defaults, views and names of records. A server forgets
only what a transaction has changed; the same holds here. What a test changes goes with its
transaction, and what was kept before it is valid again.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

from odoo.modules.registry import Registry
from odoo.tests.common import TransactionCase, get_db_name
from odoo.tools.lru import LRU

_CACHES = "_Registry__caches"


class WatchedCache(LRU):
    """A cache that counts how often it was emptied."""

    __slots__ = ("emptied",)

    def __init__(self, count: int, pairs=()):
        self.emptied = 0
        super().__init__(count, pairs)

    def clear(self) -> None:
        """Forget everything."""
        self.emptied += 1
        super().clear()


class Kept:
    """What a registry's caches held before a transaction, or part of one, that is rolled back."""

    def __init__(self, registry: Registry):
        self._caches = _watched_caches(registry)
        self._values = {name: cache.snapshot for name, cache in self._caches.items()}
        self._emptied = {name: cache.emptied for name, cache in self._caches.items()}

    def add_new(self) -> None:
        """Keep what came since as well, in each cache that no change has emptied."""
        for name, cache in self._caches.items():
            if cache.emptied == self._emptied[name]:
                self._values[name] = cache.snapshot

    def put_back(self) -> None:
        """Let the caches be as if nothing had changed since: they hold what is kept."""
        for name, cache in self._caches.items():
            cache.clear()
            cache.update(self._values[name])
            cache.emptied = self._emptied[name]


def keep_caches() -> None:
    """Change Odoo's test case for this process."""
    TransactionCase.setUpClass = classmethod(_around_class(TransactionCase.setUpClass.__func__))
    TransactionCase.setUp = _around_test(TransactionCase.setUp)


def _around_class(set_up_class):
    @wraps(set_up_class)
    def set_up_class_and_keep(cls: type[TransactionCase]) -> None:
        kept = Kept(Registry(get_db_name()))
        # Clean-ups are done from the last to the first: this one after all of the class.
        cls.addClassCleanup(kept.put_back)
        set_up_class(cls)
        # Before Odoo forgets it.
        cls.addClassCleanup(kept.add_new)

    return set_up_class_and_keep


def _around_test(set_up):
    @wraps(set_up)
    def set_up_and_keep(self: TransactionCase) -> None:
        kept: list[Kept] = []
        self.addCleanup(lambda: [each.put_back() for each in kept])
        set_up(self)
        kept.append(Kept(self.registry))
        self.addCleanup(kept[0].add_new)

    return set_up_and_keep


def _watched_caches(registry: Registry) -> dict[str, Any]:
    caches = getattr(registry, _CACHES)
    for name, cache in caches.items():
        if not isinstance(cache, WatchedCache):
            caches[name] = WatchedCache(cache.count, cache.snapshot.items())
    return caches
