"""Who may do what with each model of the add-ons: access_table.csv, tried out.

A cell has a letter for each thing that the role may do with a record of its company, r(ead),
w(rite), c(reate), d(elete), and o for reading one of another company.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

from odoo_processes import OdooProcesses

from environment.addons import all_addons

TABLE = Path(__file__).with_name("access_table.csv")
ADDONS = [folder.name for folder in all_addons()]
TRY_OUT = f"from access import try_out; result = try_out(env, {ADDONS}); env.cr.rollback()"


def read_table() -> dict[str, dict[str, str]]:
    """Return the letters by model and role."""
    with TABLE.open(newline="") as file:
        return {row.pop("model"): row for row in csv.DictReader(file)}


def as_line(model: str, cells: dict[str, str]) -> str:
    return ",".join([model, *cells.values()])


def test_everybody_may_do_what_the_table_says(
    clone_database: Callable[..., str], tmp_path: Path
) -> None:
    odoo = OdooProcesses(clone_database("access"), tmp_path)
    found = odoo.run(TRY_OUT)
    odoo.end()
    said, actual = read_table(), found["table"]
    missing = [as_line(model, actual[model]) for model in actual.keys() - said.keys()]
    assert not missing, "\n".join(["not in the table, and are:", *sorted(missing)])
    assert not said.keys() - actual.keys(), "in the table, but no models of ours"
    wrong = [
        f"{model}, {role}: the table says {said[model].get(role)!r}, true is {letters!r}"
        for model, cells in actual.items()
        for role, letters in cells.items()
        if said[model].get(role) != letters
    ]
    assert not wrong, "\n".join(["", *wrong])
    assert not found["faults"], "\n".join(["", *found["faults"]])
