"""Running Odoo from the project's Python, with its progress shown and its log kept."""

from __future__ import annotations

import re
import sys

from .cache import Cache
from .errors import SetupError
from .processes import run
from .progress import Progress

_LOADING = re.compile(r"Loading module (\S+) \((\d+)/(\d+)\)")
_TROUBLE = re.compile(r" (?:ERROR|CRITICAL) ")
# The embedded server has no contrib extensions; Odoo notes that and goes on.
_HARMLESS = ("pg_trgm", "CREATE EXTENSION")
# What people at the back office, at the portal and before a report are sent; all the rest that
# Odoo can bundle (its unit tests, the till, the dark theme of another edition) takes twice as long.
_BUNDLES = (
    "web.assets_web",
    "web.assets_web_print",
    "web.assets_frontend",
    "web.assets_frontend_lazy",
    "web.assets_frontend_minimal",
    "web.report_assets_common",
    "web.report_assets_pdf",
    "spreadsheet.o_spreadsheet",
)
_BUILD = f"""
for name in {_BUNDLES}:
    bundle = env["ir.qweb"]._get_asset_bundle(name, css=True, js=True)
    bundle.css()
    bundle.js()
env.cr.commit()
"""


def install(database: str, modules: list[str], label: str, *, with_demo: bool = False) -> None:
    """Install modules into a database, which is made if need be.

    :raises SetupError: when Odoo fails or reports an error, naming the log
    """
    demo = ["--with-demo"] if with_demo else []
    _change(database, ["-i", ",".join(modules), *demo], label)


def update(database: str, modules: list[str], label: str) -> None:
    """Bring the modules in a database up to their present code, and install the missing ones.

    :raises SetupError: when Odoo fails or reports an error, naming the log
    """
    # "-i" passes over what is installed, "-u" over what is not.
    names = ",".join(modules)
    _change(database, ["-i", names, "-u", names], label)


def pregenerate_assets(database: str) -> None:
    """Build the style sheets and scripts now, which the first visitor would wait for."""
    script = Cache.of_checkout().path("pregenerate_assets.py")
    script.write_text(_BUILD)
    progress = Progress("Building style sheets and scripts")
    run(
        [
            "/bin/sh",
            "-c",
            '"$0" -m odoo shell -d "$1" --no-http <"$2"',
            sys.executable,
            database,
            script,
        ],
        failure="Building the style sheets and scripts failed",
    )
    script.unlink()
    progress.finish()


def _change(database: str, arguments: list[str], label: str) -> None:
    progress = Progress(label, unit="modules")
    log = Cache.of_checkout().path("logs", f"{database}.log")
    log.parent.mkdir(exist_ok=True)
    troubles: list[str] = []
    with log.open("w") as file:

        def follow(line: str) -> None:
            print(line, file=file)
            if match := _LOADING.search(line):
                progress.show(int(match[2]), f"of {match[3]}, {match[1]}")
            if _TROUBLE.search(line) and not any(text in line for text in _HARMLESS):
                troubles.append(line)

        run(
            [
                *odoo_command("-d", database, *arguments),
                "--stop-after-init",
                "--no-http",
                "--max-cron-threads=0",
                "--log-handler=odoo.tools.convert:WARNING",
            ],
            failure=f"{label} failed (log: {log})",
            on_line=follow,
        )
    if troubles:
        shown = "\n".join(f"    {line}" for line in troubles[:5])
        raise SetupError(f"{label}: Odoo reported errors (log: {log})\n{shown}")
    progress.finish()


def odoo_command(*arguments: str) -> list[str]:
    """Return the command that runs Odoo with these arguments."""
    return [sys.executable, "-m", "odoo", *arguments]
