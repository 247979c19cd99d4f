"""The temporary tables of a run, and how each step makes one from another."""

from odoo.tools import SQL

FACTS = SQL("tiering_facts")
SCORES = SQL("tiering_scores")
STANDINGS = SQL("tiering_standings")
MOVES = SQL("tiering_moves")


def create(cr, table, query):
    """Fill a temporary table of this connection anew."""
    drop(cr, table)
    # Sorts and hashes of a few hundred thousand customers then stay in memory. Each step reads
    # its tables whole; PostgreSQL expects few rows of grouped ones and would look up each.
    interpret(cr)
    cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off")
    # A figure that is too large leaves a transaction in which one can say whose it is.
    with cr.savepoint(flush=False):
        cr.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", table, query))
    cr.execute("SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT")


def interpret(cr):
    """Have PostgreSQL compile no query in what is left of the transaction.

    To be called before large statements. A join that is done although ``enable_nestloop`` is
    off is priced at 10¹⁰ up to PostgreSQL 17: the statement is then compiled, whatever its
    size, which takes seconds where the statement takes some hundredths.
    """
    cr.execute("SET LOCAL jit = off")


def drop(cr, *tables):
    """Forget temporary tables, whether or not they exist."""
    for table in tables:
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
