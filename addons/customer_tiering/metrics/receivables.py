"""How customers pay: what the receivable lines of their invoices and payments say."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .documents import made_for
from .invoices import is_invoice
from .registry import Metric, Source, register
from .write_offs import short_entries

_lt = LazyTranslate(__name__)


@register
class PaymentSource(Source):
    """What was paid on invoices in the period.

    ``paid`` is an amount and ``delay`` that amount times the days from the due date to
    the payment (negative where paid early), both in the company's currency. Only money pays.
    What was written off in the period is in both, unpaid up to the run's date. A credit
    note set off against an invoice is not a payment, and neither is an exchange difference.
    """

    code = "payments"

    def query(self, scope):
        return SQL(
            """
            WITH entry AS MATERIALIZED (%(short)s)
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(CASE WHEN short.move_id IS NULL THEN matched.amount
                            ELSE matched.amount * (1 - short.set_off) END) AS paid,
                   SUM(CASE WHEN short.move_id IS NULL
                            THEN matched.amount * (payment.date - due.date_maturity)
                            ELSE matched.amount * (
                                (1 - short.lost - short.set_off)
                                * (payment.date - due.date_maturity)
                                + short.lost * GREATEST(%(as_of)s::date - due.date_maturity, 0))
                       END) AS delay
              FROM account_partial_reconcile AS matched
              JOIN account_move_line AS due ON due.id = matched.debit_move_id
              JOIN account_move ON account_move.id = due.move_id
              JOIN res_partner AS partner ON partner.id = %(partner)s
              JOIN account_move_line AS payment ON payment.id = matched.credit_move_id
              JOIN account_move AS payment_move ON payment_move.id = payment.move_id
         -- Several processes read the rest: each is handed arrays, and could not read a list.
         LEFT JOIN UNNEST(
                       ARRAY(SELECT move_id FROM entry ORDER BY move_id),
                       ARRAY(SELECT lost FROM entry ORDER BY move_id),
                       ARRAY(SELECT set_off FROM entry ORDER BY move_id)
                   ) AS short (move_id, lost, set_off)
                ON short.move_id = payment.move_id
             WHERE %(counts)s
               AND account_move.company_id = ANY(%(companies)s)
               AND (%(payments)s)
               AND payment.date > %(start)s
               AND payment.date <= %(as_of)s
          GROUP BY partner.commercial_partner_id
            """,
            short=short_entries(scope, scope.window_start),
            partner=made_for(SQL("account_move"), SQL("commercial_partner_id")),
            counts=is_invoice(scope),
            payments=scope.counted.payments,
            companies=list(scope.company_ids),
            start=scope.window_start,
            as_of=scope.as_of,
        )


@register
class ReceivableSource(Source):
    """What customers owe now: ``open`` and, of that, ``overdue``.

    Open payments and credit notes are set against what is due first.
    """

    code = "receivables"

    def query(self, scope):
        return SQL(
            """
            SELECT partner_id,
                   GREATEST(owed - credit, 0) AS open,
                   GREATEST(overdue - credit, 0) AS overdue
              FROM (
                    SELECT partner.commercial_partner_id AS partner_id,
                           COALESCE(SUM(residual) FILTER (WHERE residual > 0), 0) AS owed,
                           COALESCE(SUM(residual) FILTER (
                               WHERE residual > 0 AND date_maturity < %(as_of)s), 0) AS overdue,
                           COALESCE(SUM(-residual) FILTER (WHERE residual < 0), 0) AS credit
                      FROM (
                            SELECT COALESCE(%(partner)s, line.partner_id) AS partner_id,
                                   line.amount_residual AS residual,
                                   COALESCE(line.date_maturity, line.date) AS date_maturity
                              FROM account_move_line AS line
                              JOIN account_move ON account_move.id = line.move_id
                              JOIN account_account AS account ON account.id = line.account_id
                             WHERE line.reconciled IS NOT TRUE
                               AND (%(receivables)s)
                               AND line.amount_residual <> 0
                               AND line.company_id = ANY(%(companies)s)
                               AND COALESCE(account_move.invoice_date, line.date) <= %(as_of)s
                           ) AS item
                      JOIN res_partner AS partner ON partner.id = item.partner_id
                  GROUP BY partner.commercial_partner_id
                   ) AS account
            """,
            partner=made_for(SQL("account_move"), SQL("commercial_partner_id")),
            receivables=scope.counted.receivables,
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )


@register
class PaymentDelay(Metric):
    """Days from due date to payment, weighted by amount, over what was paid in the period.

    What was written off counts as unpaid up to the run's date.
    """

    code = "payment_delay_days"
    name = _lt("Payment delay")
    dimension = "cooperation"
    unit = "days"
    higher_is_better = False
    sources = ("payments",)

    def expression(self, scope):
        return SQL("payments.delay / NULLIF(payments.paid, 0)")


@register
class OverdueRatio(Metric):
    """Overdue part of what the customer owes, less open credits; 0 when nothing is open."""

    code = "overdue_ratio"
    name = _lt("Overdue ratio")
    dimension = "cooperation"
    unit = "ratio"
    higher_is_better = False
    sources = ("receivables",)

    def expression(self, scope):
        return SQL("COALESCE(receivables.overdue / NULLIF(receivables.open, 0), 0)")
