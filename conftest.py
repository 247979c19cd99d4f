"""What holds for all tests, those of the add-ons and those of the repository."""

import os
from collections import Counter

import pytest

# Where the queue is installed, Odoo's server would start a job runner of its own: tests do jobs
# when they want them done, and scheduled actions do their work themselves unless a test says so.
os.environ.setdefault("ODOO_QUEUE_JOB_CHANNELS", "root:0")

_FEW = 3


def _is_inside_odoo(config: pytest.Config) -> bool:
    return config.pluginmanager.has_plugin("odoo") and bool(config.option.odoo_database)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let no process of the add-ons' tests be left alone with a long file at the end.

    A file of few tests may be a long one: each screen, each method, any sequence of deeds. These
    come first, then those of many tests.
    """
    if _is_inside_odoo(config):
        counts = Counter(item.path for item in items)
        items.sort(key=lambda item: (counts[item.path] > _FEW, -counts[item.path]))


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep Odoo's caches between the tests that run inside it, and the files of all of them."""
    if _is_inside_odoo(session.config):
        from environment.kept_caches import keep_caches
        from environment.kept_files import keep_files

        keep_caches()
        keep_files()
