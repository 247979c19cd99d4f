"""What holds for all tests, those of the add-ons and those of the repository."""

import os

import pytest

# Where the queue is installed, Odoo's server would start a job runner of its own: tests do jobs
# when they want them done, and scheduled actions do their work themselves unless a test says so.
os.environ.setdefault("ODOO_QUEUE_JOB_CHANNELS", "root:0")


def pytest_collection_finish(session: pytest.Session) -> None:
    """Keep Odoo's caches between the tests that run inside it."""
    if session.config.pluginmanager.has_plugin("odoo") and session.config.option.odoo_database:
        from environment.kept_caches import keep_caches

        keep_caches()
