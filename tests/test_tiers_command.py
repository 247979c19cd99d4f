"""``bin/odoo tiers`` prints the tiers of a database, and refuses with one message."""

from __future__ import annotations

import re

import pytest


@pytest.fixture
def loaded_database(clone_database, run_program, tmp_path):
    purchases = tmp_path / "shop.csv"
    purchases.write_text(
        "customer,date,quantity,amount\n"
        "Ann,2026-01-05,1,900\n"
        "Ann,2026-03-05,1,700\n"
        "Bob,2026-02-01,2,120\n"
        "Cyd,2025-11-01,1,30\n"
    )
    database = clone_database("tiers")
    columns = [f"--{name}={name}" for name in ("customer", "date", "quantity", "amount")]
    loaded = run_program("bin/load-orders", str(purchases), "-d", database, *columns)
    assert loaded.returncode == 0, loaded.stderr
    return database


def test_the_table_shows_every_tier_with_its_share(loaded_database, run_program):
    before = run_program("bin/odoo", "tiers", "-d", loaded_database)
    assert "no tier run yet" in before.stdout
    printed = run_program(
        "bin/odoo", "tiers", "-d", loaded_database, "--evaluate", "--as-of", "2026-03-31"
    )
    assert printed.returncode == 0, printed.stderr
    assert "as of 2026-03-31: 3 customers, 3 changed" in printed.stdout
    rows = dict(re.findall(r"^  (\w+) +(\d+) .* % +\d+$", printed.stdout, re.MULTILINE))
    assert rows == {"VIP": "1", "Important": "0", "Ordinary": "1", "Potential": "1"}
    assert re.search(r"^  VIP .*1,600.00.* 91.4 % +80$", printed.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--evaluate", "--as-of", "31.03.2026"], "31.03.2026 is not a day"),
        (["--company", "Nobody"], "No active policy for Nobody. Companies: "),
    ],
)
def test_bad_input_gets_one_message(clone_database, run_program, arguments, message):
    refused = run_program("bin/odoo", "tiers", "-d", clone_database("refused"), *arguments)
    assert refused.returncode == 1
    assert message in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_database_that_is_not_there(run_program):
    refused = run_program("bin/odoo", "tiers", "-d", "no_such_database")
    assert refused.returncode == 1
    assert "no_such_database" in refused.stderr
    assert "Traceback" not in refused.stderr
