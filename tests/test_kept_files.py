"""What one process of the add-ons' tests leaves of the files that another has written."""

from __future__ import annotations

import subprocess

import pytest

from environment.odoo_program import odoo_command

# One test has written a file; a class of tests ends in the other process meanwhile.
SCRIPT = """
from odoo.tests.common import TransactionCase
from odoo.tools import config

if {keeps}:
    from environment.kept_files import keep_files
    keep_files()
config["db_name"] = [env.cr.dbname]
written = env["ir.attachment"].create({{"name": "answer.edi", "raw": b"UNA:+.? '"}})
env.flush_all()
TransactionCase._gc_filestore()
written.invalidate_recordset()
print("read:", written.raw)
"""


@pytest.mark.parametrize(("keeps", "read"), [(True, b"UNA:+.? '"), (False, b"")])
def test_what_a_test_has_just_written_is_there_for_it(checkout, clone_database, keeps, read):
    ended = subprocess.run(
        odoo_command("shell", "-d", clone_database(), "--no-http"),
        input=SCRIPT.format(keeps=keeps),
        cwd=checkout,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert f"read: {read!r}" in ended.stdout, ended.stderr
