"""Fills a company with made-up customers and documents."""

from __future__ import annotations

from datetime import date, timedelta

import psycopg2

from odoo.sql_db import connection_info_for
from odoo.tools import SQL

from .customers import make_customers
from .dice import make_dice
from .invoices import Books, make_invoices
from .loading import count_on, without_indexes
from .orders import make_orders

# The day to evaluate first. Fixed, so that the same seed gives the same figures on any day.
LAST_DAY = date(2025, 6, 30)
# Three years, and some days more so that a later evaluation finds new documents.
DAYS_BEFORE, DAYS_AFTER = 1096, 7
ORDERS_PER_CUSTOMER = 8

TABLES = (
    "res_partner",
    "sale_order",
    "account_move",
    "account_move_line",
    "account_partial_reconcile",
)


def fill(env, customers: int, seed: int = 1) -> dict[str, int]:
    """Add customers with orders, invoices and payments to the superuser's company and commit.

    :param env: of the superuser, in a database where that company has a chart of accounts
    :return: how many rows each table has now, by its name
    """
    company = env.company
    first_day = LAST_DAY - timedelta(days=DAYS_BEFORE)
    end = LAST_DAY + timedelta(days=DAYS_AFTER)
    books = _books_of(company)
    currencies = (company.currency_id.id, *_other_currencies(env, company))
    env.flush_all()
    cr = env.cr
    cr.execute("SET LOCAL work_mem = '256MB'")
    make_dice(cr, seed)
    with without_indexes(cr, TABLES):
        make_customers(cr, customers, (end - first_day).days, currencies)
        make_orders(cr, company.id, ORDERS_PER_CUSTOMER * customers, first_day, currencies[0])
        make_invoices(cr, books, end)
    for table in TABLES:
        count_on(cr, table)
    cr.commit()
    env.invalidate_all()
    _vacuum(cr.dbname)
    return {table: _count(cr, table) for table in TABLES}


def _books_of(company) -> Books:
    def journal(kind):
        return company.env["account.journal"].search(
            [("company_id", "=", company.id), ("type", "=", kind)], limit=1
        )

    return Books(
        company_id=company.id,
        currency_id=company.currency_id.id,
        sales_journal_id=journal("sale").id,
        bank_journal_id=journal("bank").id,
        receivable_id=company.partner_id.property_account_receivable_id.id,
        income_id=journal("sale").default_account_id.id,
        outstanding_id=journal("bank").suspense_account_id.id,
    )


def _other_currencies(env, company) -> tuple[int, int]:
    currencies = (
        env["res.currency"]
        .with_context(active_test=False)
        .search([("name", "in", ("EUR", "GBP", "USD")), ("id", "!=", company.currency_id.id)])
    )[:2]
    currencies.active = True
    return tuple(currencies.ids)


def _vacuum(database: str) -> None:
    """Leave the tables as a database at work has them: marked visible, with statistics."""
    connection = psycopg2.connect(**connection_info_for(database)[1])
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            for table in TABLES:
                cursor.execute(f'VACUUM (ANALYZE) "{table}"')
    finally:
        connection.close()


def _count(cr, table: str) -> int:
    cr.execute(SQL("SELECT COUNT(*) FROM %s", SQL.identifier(table)))
    return cr.fetchone()[0]
