"""Sets up what the add-ons need to run (Odoo, Python packages, a database) and runs it.

Only the standard library is used: this runs before anything is installed. Everything fetched or
built goes to the cache folder (``.cache``, or where ODOO_ADDONS_CACHE says).
"""

from __future__ import annotations

from .errors import SetupError, one_message

__all__ = ["SetupError", "run_odoo", "run_python"]


@one_message
def run_python(arguments: list[str], *, testing: bool = False) -> int:
    """Set up what is missing, then become the project's Python with these arguments.

    The working folder is kept. The program finds Odoo's configuration in ODOO_RC, the database
    server in PGHOST, PGPORT, PGUSER and PGPASSWORD, and the cache in ODOO_ADDONS_CACHE.

    :param testing: also install what the tests and checks need
    :return: an exit code, only when set-up failed
    """
    from .project import set_up  # not needed by those who only want SetupError

    return set_up(testing=testing).execute(arguments)


def run_odoo(arguments: list[str]) -> int:
    """Set up what is missing, then become Odoo's command line with these arguments.

    :return: an exit code, only when set-up failed
    """
    return run_python(["-m", "odoo", *arguments])
