"""Invoices of the orders, credit notes, payments, and what is matched with what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from odoo.tools import SQL

from .dice import normal, uniform
from .loading import insert, last_id
from .orders import KEY

# Part of the confirmed orders that are invoiced, and of the invoices that are credited in part.
INVOICED, CREDITED = 0.86, 0.03
CREDITED_PART = SQL("0.3")
# Part of the invoices that are paid, and of those the part that is paid by half.
PAID, PAID_BY_HALF = 0.92, 0.05


@dataclass(frozen=True)
class Books:
    """Where a company's documents are entered; ids."""

    company_id: int
    currency_id: int
    sales_journal_id: int
    bank_journal_id: int
    receivable_id: int
    income_id: int
    outstanding_id: int


def make_invoices(cr, books: Books, last_day: date) -> None:
    """Make invoices, credit notes, payments and their matching, nothing later than a day."""
    first_move, first_line = last_id(cr, "account_move"), last_id(cr, "account_move_line")
    _list_invoices(cr, first_move, first_line, last_day)
    _list_payments(cr, last_day)
    _settle(cr)
    _insert_invoices(cr, books)
    _insert_payments(cr, books)
    _insert_matching(cr, books)


def _list_invoices(cr, first_move, first_line, last_day):
    """List invoices and credit notes: ``amount`` in their own currency, ``value`` in the company's.

    Each has two journal items, the one on the receivable account first.
    """
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE listed_invoices AS
            WITH invoices AS (
                SELECT made_orders.*,
                       moment::date + FLOOR(10 * %(wait)s)::integer AS day
                  FROM made_orders
                 WHERE state = 'sale' AND %(invoiced)s < %(invoiced_part)s
            ),
            documents AS (
                SELECT FALSE AS is_refund, key, n, partner_id, ordering_partner_id, currency_id,
                       rate, amount, ROUND(amount / rate, 2) AS value, day, payment_days,
                       usual_delay
                  FROM invoices
             UNION ALL
                SELECT TRUE, key, n, partner_id, ordering_partner_id, currency_id, rate,
                       ROUND(amount * %(part)s, 2), ROUND(ROUND(amount * %(part)s, 2) / rate, 2),
                       day + FLOOR(20 * %(wait)s)::integer, 0, 0
                  FROM invoices
                 WHERE %(credited)s < %(credited_part)s
            ),
            numbered AS (
                SELECT ROW_NUMBER() OVER (ORDER BY day, key, is_refund) AS place, documents.*
                  FROM documents
                 WHERE day <= %(last_day)s
            )
            SELECT %(first_move)s + place AS id,
                   %(first_line)s + 2 * place - 1 AS line_id,
                   numbered.*,
                   day + payment_days AS due
              FROM numbered
          ORDER BY place
            """,
            first_move=first_move,
            first_line=first_line,
            last_day=last_day,
            invoiced_part=INVOICED,
            credited_part=CREDITED,
            part=CREDITED_PART,
            invoiced=uniform(KEY, 40),
            credited=uniform(KEY, 41),
            wait=uniform(KEY, 42),
        )
    )
    cr.execute("ANALYZE listed_invoices")


def _list_payments(cr, last_day):
    """List what was paid on each invoice, and the payments: each pays up to two invoices."""
    cr.execute(
        SQL(
            """
            CREATE TEMPORARY TABLE made_shares AS
            WITH credited AS (
                SELECT key, amount, value FROM listed_invoices WHERE is_refund
            ),
            paid AS (
                SELECT invoice.*,
                       GREATEST(invoice.day, invoice.due + usual_delay + (8 * %(delay)s)::integer)
                           AS pay_day,
                       invoice.amount - COALESCE(credited.amount, 0) AS owed_amount,
                       invoice.value - COALESCE(credited.value, 0) AS owed_value,
                       %(half)s < %(paid_by_half)s AS is_half
                  FROM listed_invoices AS invoice
             LEFT JOIN credited USING (key)
                 WHERE NOT invoice.is_refund AND %(paid)s < %(paid_part)s
            )
            SELECT id AS invoice_id, line_id AS invoice_line_id, n, partner_id, currency_id,
                   pay_day,
                   CASE WHEN is_half THEN ROUND(owed_amount / 2, 2) ELSE owed_amount END AS amount,
                   CASE WHEN is_half THEN ROUND(owed_value / 2, 2) ELSE owed_value END AS value,
                   (ROW_NUMBER() OVER (PARTITION BY n ORDER BY pay_day, id) + 1) / 2 AS pair
              FROM paid
             WHERE pay_day <= %(last_day)s AND owed_amount > 0.01 AND owed_value > 0.01
            """,
            last_day=last_day,
            paid_part=PAID,
            paid_by_half=PAID_BY_HALF,
            paid=uniform(KEY, 60),
            half=uniform(KEY, 61),
            delay=normal(KEY, 62),
        )
    )
    cr.execute(
        """
        CREATE TEMPORARY TABLE made_payments AS
        WITH payments AS (
            SELECT n, pair, partner_id, currency_id, MAX(pay_day) AS day,
                   SUM(amount) AS amount, SUM(value) AS value
              FROM made_shares
          GROUP BY n, pair, partner_id, currency_id
        ),
        numbered AS (
            SELECT ROW_NUMBER() OVER (ORDER BY day, n, pair) AS place, payments.* FROM payments
        )
        SELECT last.id + place AS id, last.line_id + 2 * place AS line_id, numbered.*
          FROM numbered
    CROSS JOIN (SELECT MAX(id) AS id, MAX(line_id) AS line_id FROM listed_invoices) AS last
      ORDER BY place
        """
    )
    cr.execute("ANALYZE made_shares, made_payments")


def _settle(cr):
    """List the invoices with what is still open of them."""
    cr.execute(
        """
        CREATE TEMPORARY TABLE made_invoices AS
        SELECT invoice.*,
               CASE WHEN is_refund THEN 0
                    ELSE invoice.amount - COALESCE(paid.amount, 0) - COALESCE(credited.amount, 0)
               END AS open_amount,
               CASE WHEN is_refund THEN 0
                    ELSE invoice.value - COALESCE(paid.value, 0) - COALESCE(credited.value, 0)
               END AS open_value,
               CASE WHEN is_refund THEN -1 ELSE 1 END AS sign
          FROM listed_invoices AS invoice
     LEFT JOIN made_shares AS paid ON paid.invoice_id = invoice.id
     LEFT JOIN (SELECT key, amount, value FROM listed_invoices WHERE is_refund) AS credited
            ON credited.key = invoice.key
      ORDER BY invoice.id
        """
    )
    cr.execute("ANALYZE made_invoices")


def _insert_invoices(cr, books):
    insert(
        cr,
        "account_move",
        {
            **_move_columns(books, books.sales_journal_id),
            "name": SQL("'INV/' || TO_CHAR(day, 'YYYY') || '/' || LPAD(id::text, 8, '0')"),
            "sequence_prefix": SQL("'INV/' || TO_CHAR(day, 'YYYY') || '/'"),
            "move_type": SQL("CASE WHEN is_refund THEN 'out_refund' ELSE 'out_invoice' END"),
            "partner_id": SQL("ordering_partner_id"),
            "invoice_date": SQL("day"),
            "invoice_date_due": SQL("due"),
            "invoice_currency_rate": SQL("rate"),
            "payment_state": SQL(
                "CASE WHEN open_value = 0 THEN 'paid' WHEN open_value < value THEN 'partial'"
                " ELSE 'not_paid' END"
            ),
            "amount_untaxed": SQL("amount"),
            "amount_tax": SQL("0"),
            "amount_total": SQL("amount"),
            "amount_residual": SQL("open_amount"),
            "amount_untaxed_signed": SQL("sign * value"),
            "amount_untaxed_in_currency_signed": SQL("sign * amount"),
            "amount_tax_signed": SQL("0"),
            "amount_total_signed": SQL("sign * value"),
            "amount_total_in_currency_signed": SQL("sign * amount"),
            "amount_residual_signed": SQL("sign * open_value"),
        },
        SQL("made_invoices ORDER BY id"),
    )
    receivable = SQL("is_receivable")
    side = SQL("CASE WHEN is_receivable THEN sign ELSE -sign END")
    insert(
        cr,
        "account_move_line",
        {
            **_line_columns(books, books.sales_journal_id, side),
            "id": SQL("CASE WHEN is_receivable THEN line_id ELSE line_id + 1 END"),
            "move_name": SQL("'INV/' || TO_CHAR(day, 'YYYY') || '/' || LPAD(id::text, 8, '0')"),
            "partner_id": SQL("partner_id"),
            "invoice_date": SQL("day"),
            "date_maturity": SQL("CASE WHEN %s THEN due END", receivable),
            "display_type": SQL("CASE WHEN %s THEN 'payment_term' ELSE 'product' END", receivable),
            "account_id": SQL(
                "CASE WHEN %s THEN %s ELSE %s END",
                receivable,
                books.receivable_id,
                books.income_id,
            ),
            "amount_residual": SQL("CASE WHEN %s THEN sign * open_value ELSE 0 END", receivable),
            "amount_residual_currency": SQL(
                "CASE WHEN %s THEN sign * open_amount ELSE 0 END", receivable
            ),
            "reconciled": SQL("%s AND open_value = 0", receivable),
            "price_unit": SQL("CASE WHEN %s THEN 0 ELSE amount END", receivable),
            "price_subtotal": SQL("CASE WHEN %s THEN 0 ELSE amount END", receivable),
            "price_total": SQL("CASE WHEN %s THEN 0 ELSE amount END", receivable),
        },
        SQL("made_invoices, (VALUES (TRUE), (FALSE)) AS side (is_receivable)"),
    )


def _insert_payments(cr, books):
    """Insert the payments' entries: receivable on credit, outstanding receipts on debit."""
    name = SQL("'PAY/' || TO_CHAR(day, 'YYYY') || '/' || LPAD(id::text, 8, '0')")
    insert(
        cr,
        "account_move",
        {
            **_move_columns(books, books.bank_journal_id),
            "name": name,
            "sequence_prefix": SQL("'PAY/' || TO_CHAR(day, 'YYYY') || '/'"),
            "move_type": SQL("'entry'"),
            "partner_id": SQL("partner_id"),
            "payment_state": SQL("'not_paid'"),
            "amount_total": SQL("amount"),
            "amount_total_signed": SQL("value"),
        },
        SQL("made_payments ORDER BY id"),
    )
    side = SQL("CASE WHEN is_receivable THEN -1 ELSE 1 END")
    insert(
        cr,
        "account_move_line",
        {
            **_line_columns(books, books.bank_journal_id, side),
            "id": SQL("CASE WHEN is_receivable THEN line_id ELSE line_id + 1 END"),
            "move_name": name,
            "partner_id": SQL("partner_id"),
            "date_maturity": SQL("day"),
            "display_type": SQL("'product'"),
            "account_id": SQL(
                "CASE WHEN is_receivable THEN %s ELSE %s END",
                books.receivable_id,
                books.outstanding_id,
            ),
            # The bank's statement has confirmed every payment.
            "amount_residual": SQL("0"),
            "amount_residual_currency": SQL("0"),
            "reconciled": SQL("TRUE"),
        },
        SQL("made_payments, (VALUES (TRUE), (FALSE)) AS side (is_receivable)"),
    )


def _insert_matching(cr, books):
    """Match payments and credit notes with their invoices."""
    columns = {
        "debit_move_id": SQL("invoice_line_id"),
        "credit_move_id": SQL("line_id"),
        "amount": SQL("value"),
        "debit_amount_currency": SQL("amount"),
        "credit_amount_currency": SQL("amount"),
        "debit_currency_id": SQL("currency_id"),
        "credit_currency_id": SQL("currency_id"),
        "company_id": SQL("%s", books.company_id),
        "max_date": SQL("day"),
        "create_date": SQL("day"),
    }
    insert(
        cr,
        "account_partial_reconcile",
        columns,
        SQL(
            """
            (SELECT share.*, payment.line_id, payment.day
               FROM made_shares AS share
               JOIN made_payments AS payment USING (n, pair)
           ORDER BY payment.line_id, invoice_line_id) AS matched
            """
        ),
    )
    insert(
        cr,
        "account_partial_reconcile",
        columns,
        SQL(
            """
            (SELECT refund.*, invoice.line_id AS invoice_line_id
               FROM made_invoices AS refund
               JOIN made_invoices AS invoice USING (key)
              WHERE refund.is_refund AND NOT invoice.is_refund
           ORDER BY refund.line_id) AS matched
            """
        ),
    )


def _move_columns(books, journal_id):
    return {
        "id": SQL("id"),
        "sequence_number": SQL("id"),
        "journal_id": SQL("%s", journal_id),
        "company_id": SQL("%s", books.company_id),
        "currency_id": SQL("currency_id"),
        "commercial_partner_id": SQL("partner_id"),
        "date": SQL("day"),
        "create_date": SQL("day"),
        "state": SQL("'posted'"),
        "auto_post": SQL("'no'"),
        "posted_before": SQL("TRUE"),
        "checked": SQL("TRUE"),
    }


def _line_columns(books, journal_id, side):
    """Return the columns that every journal item has.

    :param side: 1 on debit, −1 on credit
    """
    return {
        "move_id": SQL("id"),
        "journal_id": SQL("%s", journal_id),
        "company_id": SQL("%s", books.company_id),
        "company_currency_id": SQL("%s", books.currency_id),
        "currency_id": SQL("currency_id"),
        "parent_state": SQL("'posted'"),
        "date": SQL("day"),
        "create_date": SQL("day"),
        "quantity": SQL("1"),
        "balance": SQL("%s * value", side),
        "amount_currency": SQL("%s * amount", side),
        "debit": SQL("CASE WHEN %s > 0 THEN value ELSE 0 END", side),
        "credit": SQL("CASE WHEN %s < 0 THEN value ELSE 0 END", side),
    }
