"""How customers pay: what the receivable lines of their invoices and payments say."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Metric, Source, register

_lt = LazyTranslate(__name__)


@register
class PaymentSource(Source):
    """What was paid on invoices in the window.

    ``paid`` is an amount and ``delay`` that amount times the days from the due date to
    the payment (negative where paid early), both in the company's currency. A credit
    note set off against an invoice is not a payment.
    """

    code = "payments"

    def query(self, scope):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(matched.amount) AS paid,
                   SUM(matched.amount * (payment.date - due.date_maturity)) AS delay
              FROM account_partial_reconcile AS matched
              JOIN account_move_line AS due ON due.id = matched.debit_move_id
              JOIN account_move AS invoice ON invoice.id = due.move_id
              JOIN res_partner AS partner ON partner.id = invoice.commercial_partner_id
              JOIN account_move_line AS payment ON payment.id = matched.credit_move_id
              JOIN account_move AS payment_move ON payment_move.id = payment.move_id
             WHERE invoice.move_type = 'out_invoice'
               AND invoice.state = 'posted'
               AND invoice.company_id = ANY(%(companies)s)
               AND payment_move.move_type = 'entry'
               AND payment.date > %(start)s
               AND payment.date <= %(as_of)s
          GROUP BY partner.commercial_partner_id
            """,
            companies=list(scope.company_ids),
            start=scope.window_start,
            as_of=scope.as_of,
        )


@register
class ReceivableSource(Source):
    """What customers owe on posted invoices now: ``open`` and, of that, ``overdue``."""

    code = "receivables"

    def query(self, scope):
        return SQL(
            """
            SELECT partner.commercial_partner_id AS partner_id,
                   SUM(line.amount_residual) AS open,
                   SUM(line.amount_residual) FILTER (WHERE line.date_maturity < %(as_of)s)
                       AS overdue
              FROM account_move_line AS line
              JOIN account_move AS invoice ON invoice.id = line.move_id
              JOIN res_partner AS partner ON partner.id = invoice.commercial_partner_id
              JOIN account_account AS account ON account.id = line.account_id
             WHERE line.reconciled IS NOT TRUE
               AND line.parent_state = 'posted'
               AND account.account_type = 'asset_receivable'
               AND line.amount_residual > 0
               AND invoice.move_type = 'out_invoice'
               AND invoice.company_id = ANY(%(companies)s)
               AND invoice.invoice_date <= %(as_of)s
          GROUP BY partner.commercial_partner_id
            """,
            companies=list(scope.company_ids),
            as_of=scope.as_of,
        )


@register
class PaymentDelay(Metric):
    """Days from due date to payment, weighted by amount, over what was paid in the window."""

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
    """Overdue part of what the customer owes; 0 when nothing is open."""

    code = "overdue_ratio"
    name = _lt("Overdue part of what is owed")
    dimension = "cooperation"
    unit = "ratio"
    higher_is_better = False
    sources = ("receivables",)

    def expression(self, scope):
        return SQL("COALESCE(receivables.overdue / NULLIF(receivables.open, 0), 0)")
