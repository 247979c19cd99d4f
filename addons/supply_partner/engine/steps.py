"""The temporary tables of a review, and how each step makes one from another."""

from odoo.tools import SQL

DUE = SQL("vmi_due")
POSITIONS = SQL("vmi_positions")
DEMANDS = SQL("vmi_demands")
LEADS = SQL("vmi_leads")
FINDINGS = SQL("vmi_findings")
FIGURES = SQL("vmi_figures")
TRANSFERS = SQL("vmi_transfers")
PRICES = SQL("vmi_prices")


def create(cr, table, query):
    """Fill a temporary table of this connection anew."""
    drop(cr, table)
    # Each step reads its tables whole; PostgreSQL expects few rows of them and would look up each.
    # A join that allows nothing else then looks so dear that up to version 17 it is compiled,
    # for seconds: not in the rest of the transaction, either.
    cr.execute("SET LOCAL jit = off")
    cr.execute("SET LOCAL work_mem = '256MB'; SET LOCAL enable_nestloop = off")
    cr.execute(SQL("CREATE TEMPORARY TABLE %s AS %s", table, query))
    cr.execute("SET LOCAL work_mem TO DEFAULT; SET LOCAL enable_nestloop TO DEFAULT")
    # For how many rows and values there are, a small sample of a wide table is enough.
    cr.execute("SET LOCAL default_statistics_target = 10")
    cr.execute(SQL("ANALYZE %s", table))
    cr.execute("SET LOCAL default_statistics_target TO DEFAULT")


def drop(cr, *tables):
    """Forget temporary tables, whether or not they exist."""
    for table in tables:
        cr.execute(SQL("DROP TABLE IF EXISTS %s", table))
