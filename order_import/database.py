"""Start Odoo on a database, with one clear message for whatever is in the way."""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg2

from .errors import LoadError

# How long to wait for rows or tables that somebody else is changing.
_LOCK_TIMEOUT = "60s"


@contextmanager
def open_environment(database: str, say) -> Iterator:
    """Yield an Odoo environment of the superuser; the caller commits, all else is undone.

    A second load into the same database waits for the first: both would otherwise add the
    purchases that the other has not committed yet.

    :param say: called with a message when there is something to wait for
    :raises LoadError: when the database cannot be used
    """
    try:
        from odoo.tools import config
    except ImportError as error:
        raise LoadError(f"this Python has no Odoo: {error}") from None
    options = ["-c", os.environ["ODOO_RC"]] if os.environ.get("ODOO_RC") else []
    config.parse_config([*options, "-d", database], setup_logging=False)
    # What goes wrong is told in our own words.
    logging.getLogger("odoo").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"odoo\.")

    from odoo import SUPERUSER_ID, api
    from odoo.exceptions import UserError
    from odoo.modules.registry import Registry
    from odoo.sql_db import db_connect

    try:
        with db_connect(database).cursor() as guard:
            _check_installed(guard, database)
            _wait_for_turn(guard, say)
            with Registry(database).cursor() as cursor:
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [_LOCK_TIMEOUT])
                yield api.Environment(cursor, SUPERUSER_ID, {})
                cursor.rollback()
    except (psycopg2.errors.LockNotAvailable, psycopg2.errors.DeadlockDetected):
        raise LoadError(
            f"database {database!r} is busy: another program is changing the same records; "
            "try again when it is done"
        ) from None
    except psycopg2.errors.SerializationFailure:
        raise LoadError(
            f"database {database!r} was changed by another program meanwhile; try again"
        ) from None
    except psycopg2.Error as error:
        raise LoadError(f"database {database!r}: {str(error).strip()}") from None
    except UserError as error:
        raise LoadError(f"Odoo refuses in database {database!r}: {error}") from None


def _check_installed(cursor, database: str) -> None:
    cursor.execute("SELECT to_regclass('ir_module_module')")
    if cursor.fetchone()[0] is None:
        raise LoadError(f"database {database!r} is not an Odoo database")
    cursor.execute("SELECT state FROM ir_module_module WHERE name = 'sale'")
    state = (cursor.fetchone() or [None])[0]
    if state not in ("installed", "to upgrade"):
        raise LoadError(
            f"database {database!r} has no sales app: install the module sale_management"
        )


def _wait_for_turn(cursor, say) -> None:
    """Take the lock that lasts until the cursor is closed."""
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('order_import')::bigint)")
    if not cursor.fetchone()[0]:
        say("another load is under way in this database; waiting for it …")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('order_import')::bigint)")
