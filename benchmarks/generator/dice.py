"""Chance that depends on a key and a seed alone.

PostgreSQL's ``random()`` gives its numbers in the order in which a plan happens to reach the
rows. A hash of the row's own key does not, and needs no state.
"""

from __future__ import annotations

from odoo.tools import SQL


def make_dice(cr, seed: int) -> None:
    """Make the session's functions that :func:`uniform` and :func:`normal` call."""
    cr.execute(
        SQL(
            """
            CREATE OR REPLACE FUNCTION pg_temp.uniform(key bigint, roll integer)
            RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
                SELECT (hashint8extended(key, %s::bigint * 1000 + roll) & 9007199254740991)
                       / 9007199254740992.0::double precision
            $$;
            CREATE OR REPLACE FUNCTION pg_temp.normal(key bigint, roll integer)
            RETURNS double precision LANGUAGE sql IMMUTABLE AS $$
                SELECT SQRT(-2 * LN(1 - pg_temp.uniform(key, roll)))
                       * COS(2 * PI() * pg_temp.uniform(key, roll + 500))
            $$
            """,
            seed,
        )
    )


def uniform(key: SQL, roll: int) -> SQL:
    """Return a number from 0 up to but not 1.

    :param key: the row's own whole number
    :param roll: which of the row's numbers, 0 to 499
    """
    return SQL("pg_temp.uniform(%s, %s)", key, roll)


def normal(key: SQL, roll: int) -> SQL:
    """Return a number of the standard normal distribution (Box and Muller 1958)."""
    return SQL("pg_temp.normal(%s, %s)", key, roll)
