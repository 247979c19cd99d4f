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
            WITH came AS MATERIALIZED (
                SELECT partner_id, order_id, complete_day, lead_days, lines, bias_days
                  FROM %(events)s
                 WHERE lead_days IS NOT NULL AND NOT is_left_out AND %(in_period)s
            ),
            -- How many lines took so many days or fewer: the ninth of ten lies between two of them.
            spread AS (
                SELECT partner_id, lead_days, SUM(lines) AS lines,
                       SUM(SUM(lines)) OVER (PARTITION BY partner_id ORDER BY lead_days) AS upto,
                       0.9 * (SUM(SUM(lines)) OVER (PARTITION BY partner_id) - 1) AS place
                  FROM came
              GROUP BY partner_id, lead_days
            ),
            ninth AS (
                SELECT partner_id, SUM(lines) AS lines, SUM(lead_days * lines) AS days,
                       SUM(lead_days * lead_days * lines) AS squares, MIN(place) AS place,
                       MIN(lead_days) FILTER (WHERE upto > FLOOR(place)) AS below,
                       MIN(lead_days) FILTER (WHERE upto > CEIL(place)) AS above
                  FROM spread
              GROUP BY partner_id
            ),
            event AS (
                SELECT partner_id, COUNT(*) AS events, SUM(bias_days) AS bias_days
                  FROM (SELECT partner_id, SUM(bias_days) AS bias_days FROM came
                      GROUP BY partner_id, order_id, complete_day) AS days
              GROUP BY partner_id
            )
            SELECT ninth.partner_id, events, days / lines AS mean, bias_days / lines AS bias,
                   below + (place - FLOOR(place)) * (above - below) AS p90,
                   SQRT(GREATEST(lines * squares - days * days, 0)
                        / NULLIF(lines * (lines - 1), 0)) AS deviation
              FROM ninth
              JOIN event ON event.partner_id = ninth.partner_id
            """,
            events=scope.events,
            in_period=scope.in_period(SQL("complete_day")),
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
