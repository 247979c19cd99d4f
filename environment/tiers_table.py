"""The table of tiers, printed by the add-on's own command."""

from __future__ import annotations

import subprocess

from .addons import ADDONS
from .errors import SetupError
from .odoo_program import odoo_command
from .progress import say


def start_table(database: str, *, evaluate: bool = False) -> subprocess.Popen | None:
    """Begin to make the table of a database; None where no add-on has the command for it.

    :param evaluate: tier the customers first
    """
    if not any(ADDONS.glob("*/cli/tiers.py")):
        say("No add-on has the command “tiers”")
        return None
    command = odoo_command("tiers", "-d", database)
    return subprocess.Popen(
        [*command, "--evaluate"] if evaluate else command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish_table(process: subprocess.Popen) -> str:
    """Return the table when it is ready.

    :raises SetupError: when the command failed, with the end of what it said
    """
    output, problems = process.communicate()
    if process.returncode:
        raise SetupError(f"The table of tiers could not be made:\n{problems[-2000:].strip()}")
    return output
