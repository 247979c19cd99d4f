"""What PostgreSQL is told before statements that read and write very many rows.

Two system parameters, each a whole number, say how much they may take:

``set_based_runs.work_mem_mb``
    the memory of one sort or hash, in megabytes; 256 by default. A statement has several.
``set_based_runs.parallel_workers``
    how many processes of the server help with one statement; as the server is set by default.
"""

import logging
from typing import NamedTuple

from odoo.tools import SQL

_logger = logging.getLogger(__name__)


class Limit(NamedTuple):
    """The numbers that a parameter may be."""

    least: int
    most: int


WORK_MEM = "set_based_runs.work_mem_mb"
PARALLEL_WORKERS = "set_based_runs.parallel_workers"
LIMITS = {WORK_MEM: Limit(1, 65_536), PARALLEL_WORKERS: Limit(0, 64)}
# Sorts and hashes of a few hundred thousand rows then stay in memory.
USUAL_WORK_MEM = 256


class Allowance(NamedTuple):
    """What large statements may take.

    :ivar work_mem: megabytes
    :ivar parallel_workers: a number, or None for what the server is set to
    """

    work_mem: int = USUAL_WORK_MEM
    parallel_workers: int | None = None


def read_allowance(cr):
    """Return what the system parameters allow; instead of a bad value, what is usual."""
    cr.execute(SQL("SELECT key, value FROM ir_config_parameter WHERE key = ANY(%s)", list(LIMITS)))
    found = {}
    for key, text in cr.fetchall():
        if not text:
            continue
        found[key] = read_number(text, LIMITS[key])
        if found[key] is None:
            _logger.warning(
                "The system parameter %s is %r, not a whole number from %s to %s: it is passed "
                "over",
                key,
                text,
                *LIMITS[key],
            )
    return Allowance(found.get(WORK_MEM) or USUAL_WORK_MEM, found.get(PARALLEL_WORKERS))


def read_number(text, limit):
    """Return the whole number that a text says; None when it is none, or not within the limit."""
    text = text.strip()
    # Digits alone: int() would take "1_000" and Arabic ones as well.
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        return None
    return number if limit.least <= (number := int(text)) <= limit.most else None


def enlarge(cr, allowance=None, few=False):
    """Let the statements that follow take much, and read their tables whole.

    Until :func:`shrink`, or the end of the transaction.

    :param allowance: as :func:`read_allowance` returns it, which is asked by default
    :param few: whether they find a few of many rows, and may look up each
    """
    allowance = allowance or read_allowance(cr)
    settings = {
        "work_mem": f"{allowance.work_mem}MB",
        # PostgreSQL expects few rows of grouped tables and would look up each, or go along the
        # first of two keys and compare all rows that have it.
        "enable_nestloop": "on" if few else "off",
        "enable_mergejoin": "on" if few else "off",
        # See interpret.
        "jit": "off",
    }
    if not few:
        # Of many rows several processes make sums by customer or product: PostgreSQL prices what
        # they hand over so high that one process would rather do it all.
        settings["parallel_tuple_cost"] = "0.01"
    if allowance.parallel_workers is not None:
        settings["max_parallel_workers_per_gather"] = str(allowance.parallel_workers)
    # As SET LOCAL does, all in one.
    cr.execute(
        SQL(
            "SELECT %s",
            SQL(", ").join(
                SQL("SET_CONFIG(%s, %s, TRUE)", name, value) for name, value in settings.items()
            ),
        )
    )


def shrink(cr):
    """Have the rest of the transaction take what the server is set to."""
    cr.execute(
        "SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT;"
        " SET LOCAL enable_mergejoin TO DEFAULT;"
        " SET LOCAL max_parallel_workers_per_gather TO DEFAULT;"
        " SET LOCAL parallel_tuple_cost TO DEFAULT;"
        " SET LOCAL min_parallel_table_scan_size TO DEFAULT"
    )


def interpret(cr):
    """Have PostgreSQL compile no query in what is left of the transaction.

    To be called before large statements. A join that is done although ``enable_nestloop`` is
    off is priced at 10¹⁰ up to PostgreSQL 17: the statement is then compiled, whatever its
    size, which takes seconds where the statement takes some hundredths.
    """
    cr.execute("SET LOCAL jit = off")
