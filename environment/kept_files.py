"""Lets the processes of the add-ons' tests write into one folder of files.

pytest-odoo gives each process a database of its own, and all of them the same filestore. After
each class of tests Odoo removes the files that no record of its database names: those that a test
of another process has just written are among them. That test then reads nothing where its file
was, now and then.
"""

from __future__ import annotations

from odoo.tests.common import TransactionCase

_REMOVES = "_gc_filestore"


def keep_files() -> None:
    """Have this process remove no files: the folder goes with the run's databases.

    :raises AttributeError: where Odoo's test case has no such step any more
    """
    getattr(TransactionCase, _REMOVES)
    setattr(TransactionCase, _REMOVES, classmethod(_remove_nothing))


def _remove_nothing(_cls: type[TransactionCase]) -> None:
    """Do nothing at the end of a class."""
