"""The advisory locks by which runs of one policy exclude each other."""

from odoo.tools import SQL

# The first key, before the policy's id.
LOCK_SPACE = 710_119


def lock_for_transaction(cr, policy_id):
    """Return whether this is the policy's only run until the transaction ends."""
    return _try(cr, SQL("pg_try_advisory_xact_lock"), policy_id)


def lock_for_connection(cr, policy_id):
    """Return whether this is the policy's only run until :func:`unlock`.

    The lock outlives a commit, and ends with a killed process.
    """
    return _try(cr, SQL("pg_try_advisory_lock"), policy_id)


def unlock(cr, policy_id):
    """Give back what :func:`lock_for_connection` took: others use the connection next."""
    cr.execute(SQL("SELECT pg_advisory_unlock(%s, %s)", LOCK_SPACE, policy_id))


def is_locked_elsewhere(cr, policy_id):
    """Return whether another connection is running the policy."""
    cr.execute(
        SQL(
            """
            SELECT 1 FROM pg_locks
             WHERE locktype = 'advisory' AND classid = %s AND objid = %s
               AND database = (SELECT oid FROM pg_database WHERE datname = CURRENT_DATABASE())
               AND pid <> PG_BACKEND_PID()
            """,
            LOCK_SPACE,
            policy_id,
        )
    )
    return bool(cr.fetchone())


def _try(cr, lock, policy_id):
    cr.execute(SQL("SELECT %s(%s, %s)", lock, LOCK_SPACE, policy_id))
    return cr.fetchone()[0]
