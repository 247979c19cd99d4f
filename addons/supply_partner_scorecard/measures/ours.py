"""How we are as a customer, of this vendor: the other side of each talk."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class OurOrders(Source):
    """The orders approved in the period, and what we changed afterwards."""

    code = "our_orders"

    def query(self, scope):
        return SQL(
            """
            WITH changed AS (
                SELECT promise.partner_id, promise.order_id,
                       COUNT(DISTINCT promise.id) AS changed
                  FROM vendor_promise_change change
                  JOIN vendor_promise promise ON promise.id = change.promise_id
                 WHERE promise.company_id = %(company)s AND change.origin = 'buyer'
                   AND change.kind IN ('quantity', 'date', 'cancelled')
                   AND promise.approved_at >= %(start)s AND promise.approved_at < %(stop)s
              GROUP BY promise.partner_id, promise.order_id
            ),
            approved AS (
                SELECT partner_id, order_id, SUM(lines) AS lines,
                       MAX(approved_day) AS last_day
                  FROM %(events)s
                 WHERE %(in_period)s
              GROUP BY partner_id, order_id
            )
            SELECT approved.partner_id, SUM(lines) AS lines, COUNT(*) AS orders,
                   COALESCE(SUM(changed), 0) AS changed,
                   -- Approved after the day on which the order had to be placed.
                   COUNT(*) FILTER (WHERE last_day > %(order_day)s) AS late
              FROM approved
              JOIN purchase_order purchase ON purchase.id = approved.order_id
         LEFT JOIN changed ON changed.order_id = approved.order_id
                          AND changed.partner_id = approved.partner_id
          GROUP BY approved.partner_id
            """,
            order_day=scope.local_day(SQL("purchase.date_order")),
            company=scope.company_id,
            start=scope.start,
            stop=scope.stop,
            events=scope.events,
            in_period=scope.in_period(SQL("approved_day")),
        )


@register
class OurPayments(Source):
    """Bills that fell due in the period: how many days after that they were paid, by value."""

    code = "our_payments"

    def query(self, scope):
        return SQL(
            """
            WITH paid AS (
                SELECT vendor.commercial_partner_id AS partner_id, bill.id,
                       ABS(item.balance)::double precision AS amount,
                       GREATEST(COALESCE(MAX(payment.date), %(last)s) - item.date_maturity, 0)
                           AS days
                  FROM account_move_line item
                  JOIN account_move bill ON bill.id = item.move_id
                  JOIN account_account account ON account.id = item.account_id
                  JOIN res_partner vendor ON vendor.id = bill.commercial_partner_id
             LEFT JOIN account_partial_reconcile match ON match.credit_move_id = item.id
             LEFT JOIN account_move_line payment ON payment.id = match.debit_move_id
                 WHERE bill.move_type = 'in_invoice' AND bill.state = 'posted'
                   AND bill.company_id = %(company)s
                   AND account.account_type = 'liability_payable' AND item.balance <> 0
                   AND %(in_period)s AND %(vendors)s
              GROUP BY vendor.commercial_partner_id, bill.id, item.id
            )
            SELECT partner_id, COUNT(DISTINCT id) AS bills,
                   SUM(amount * days) / NULLIF(SUM(amount), 0) AS days
              FROM paid
          GROUP BY partner_id
            """,
            last=SQL("%s::date", scope.end),
            company=scope.company_id,
            in_period=scope.in_period(SQL("item.date_maturity")),
            vendors=scope.of_vendors(SQL("vendor.commercial_partner_id")),
        )


class Ours(Measure):
    topic = "ours"
    higher_is_better = False


@register
class OurChanges(Ours):
    code = "our_changes"
    name = _lt("Lines That We Changed")
    help = _lt("Lines whose quantity or date we changed after approval, or that we cancelled.")
    source = "our_orders"
    expression = "changed::double precision / NULLIF(lines, 0)"
    base = "orders"


@register
class OurLateApprovals(Ours):
    code = "our_late_approvals"
    name = _lt("Orders Approved Late")
    help = _lt("Orders that we approved after the day on which they had to be placed.")
    source = "our_orders"
    expression = "late::double precision / NULLIF(orders, 0)"
    base = "orders"


@register
class OurDaysPaidLate(Ours):
    code = "our_days_paid_late"
    name = _lt("Days Paid Late")
    help = _lt("Days after the due date on which we paid, weighted by amount.")
    unit = "days"
    source = "our_payments"
    expression = "days"
    base = "bills"
