"""How a vendor answers requests for quotation."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class Requests(Source):
    """The requests sent in the period that were answered, or whose deadline is over.

    What was withdrawn before is left out; what was ordered was answered.
    """

    code = "requests"

    def query(self, scope):
        return SQL(
            """
            SELECT vendor.commercial_partner_id AS partner_id, COUNT(*) AS requests,
                   COUNT(*) FILTER (WHERE is_answered) AS answered,
                   COUNT(days) AS timed,
                   PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY days) AS median
              FROM (
                SELECT purchase.partner_id,
                       purchase.vendor_rfq_answered_at IS NOT NULL
                           OR purchase.state IN ('purchase', 'to approve') AS is_answered,
                       purchase.vendor_rfq_deadline < %(stop)s AS is_over,
                       purchase.vendor_rfq_is_withdrawn AS is_withdrawn,
                       EXTRACT(EPOCH FROM purchase.vendor_rfq_answered_at
                           - purchase.vendor_rfq_sent_at) / 86400 AS days
                  FROM purchase_order purchase
                 WHERE purchase.company_id = %(company)s
                   AND purchase.vendor_rfq_sent_at >= %(start)s
                   AND purchase.vendor_rfq_sent_at < %(stop)s
              ) AS request
              JOIN res_partner vendor ON vendor.id = request.partner_id
             WHERE (is_answered OR is_over AND is_withdrawn IS NOT TRUE) AND %(vendors)s
          GROUP BY vendor.commercial_partner_id
            """,
            company=scope.company_id,
            start=scope.start,
            stop=scope.stop,
            vendors=scope.of_vendors(SQL("vendor.commercial_partner_id")),
        )


@register
class Answered(Measure):
    code = "rfq_answered"
    name = _lt("RFQs Answered")
    help = _lt("The share of requests for quotation answered, of those answered or overdue.")
    topic = "rfq"
    source = "requests"
    expression = "answered::double precision / NULLIF(requests, 0)"
    base = "requests"
    effective = "requests"


@register
class AnswerDays(Measure):
    code = "rfq_days"
    name = _lt("Days to Answer")
    help = _lt("The median number of days from sending a request to its answer.")
    unit = "days"
    higher_is_better = False
    topic = "rfq"
    source = "requests"
    expression = "median"
    base = "timed"
