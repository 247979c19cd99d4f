"""Advisory locks of PostgreSQL, which end with the process that holds them."""

from contextlib import contextmanager

from odoo.tools import SQL

_LOW = 2**32


@contextmanager
def held_for_connection(cr, space, key):
    """Hold a lock while the body runs, over commits; gives whether it could be had at once.

    What the body has not committed when it fails is rolled back: a broken transaction could not
    give the lock back, and others use the connection next.

    :param space: the first of the lock's two numbers, the same for locks of one kind
    :param key: the second
    """
    cr.execute(SQL("SELECT pg_try_advisory_lock(%s, %s)", space, key))
    [is_had] = cr.fetchone()
    try:
        yield is_had
    except BaseException:
        cr.rollback()
        raise
    finally:
        if is_had:
            cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", space, key))


def is_held(cr, key):
    """Return whether any connection to this database holds the lock of one 64-bit number."""
    cr.execute(
        SQL(
            """
            SELECT 1 FROM pg_locks
             WHERE locktype = 'advisory' AND granted
               AND classid = %s AND objid = %s AND objsubid = 1
               AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
            """,
            key // _LOW,
            key % _LOW,
        )
    )
    return bool(cr.fetchone())
