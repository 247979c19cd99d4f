"""From approval to complete, in calendar days."""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


@register
class LeadTimes(Source):
    """The lines that became complete in the period."""

    code = "lead_times"

    def query(self, scope):
        return SQL(
            """
            SELECT promise.partner_id, COUNT(*) AS lines,
                   COUNT(DISTINCT (promise.order_id, delivery.complete_day)) AS events,
                   AVG(delivery.lead_days) AS mean,
                   STDDEV_SAMP(delivery.lead_days) AS deviation,
                   PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY delivery.lead_days) AS p90,
                   AVG(delivery.bias_days) AS bias
              FROM vendor_delivery delivery
              JOIN vendor_promise promise ON promise.id = delivery.promise_id
             WHERE promise.company_id = %(company)s AND delivery.lead_days IS NOT NULL
               AND delivery.left_out IS NULL AND %(in_period)s AND %(vendors)s
          GROUP BY promise.partner_id
            """,
            company=scope.company_id,
            in_period=scope.in_period(SQL("delivery.complete_day")),
            vendors=scope.of_vendors(SQL("promise.partner_id")),
        )


class LeadTime(Measure):
    topic = "lead_time"
    unit = "days"
    higher_is_better = False
    source = "lead_times"
    base = "events"


@register
class LeadMean(LeadTime):
    code = "lead_mean"
    name = _lt("Lead Time")
    help = _lt("The average number of days from an order's approval to complete.")
    expression = "mean"


@register
class LeadDeviation(LeadTime):
    code = "lead_deviation"
    name = _lt("Lead Time Deviation")
    help = _lt("How much the lead time varies: the sample standard deviation.")
    expression = "deviation"


@register
class LeadP90(LeadTime):
    code = "lead_p90"
    name = _lt("Lead Time, 9 of 10")
    help = _lt("Nine of ten lines are complete within so many days.")
    expression = "p90"


@register
class LeadBias(LeadTime):
    code = "lead_bias"
    name = _lt("Days after the Promise")
    help = _lt("The average number of days from the promised day to complete; below 0: early.")
    expression = "bias"
