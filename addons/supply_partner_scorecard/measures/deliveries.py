"""On time and in full, each definition by itself, against what was approved and agreed at last.

A hundred lines on one truck are one event: lines of an order that are due on one day count
together, and a rate is worth (Σ lines)² ÷ Σ lines² of them.
"""

from odoo.tools import SQL
from odoo.tools.translate import LazyTranslate

from .registry import Measure, Source, register

_lt = LazyTranslate(__name__)


class Deliveries(Source):
    """The lines that were due in the period.

    :cvar suffix: of the columns of ``events``
    :cvar judged: SQL of whether lines of an ``event`` are judged
    :cvar day: SQL of the day on which they were due
    :cvar value: SQL of what was due
    """

    suffix = ""
    judged = "is_judged"
    day = "due_day"
    value = "promised_value"

    def query(self, scope):
        verdicts = ("first", "complete", "in_full", "otif")
        sums = SQL(", ").join(
            SQL("SUM(%(name)s) AS %(name)s", name=SQL.identifier(name)) for name in verdicts
        )
        return SQL(
            """
            -- Each is gathered once, whatever the planner believes of how many rows there are.
            WITH event AS MATERIALIZED (
                SELECT partner_id, order_id, SUM(lines) AS lines, %(counts)s,
                       SUM(%(value)s) AS value, SUM(%(kept_value)s) AS kept_value
                  FROM %(events)s
                 WHERE %(judged)s AND %(in_period)s
              GROUP BY partner_id, order_id, %(day)s
            ),
            orders AS MATERIALIZED (
                SELECT partner_id, COUNT(*) AS orders, COUNT(*) FILTER (WHERE is_kept)
                       AS kept_orders
                  FROM (SELECT partner_id, order_id, SUM(otif) = SUM(lines) AS is_kept
                          FROM event GROUP BY partner_id, order_id) AS whole
              GROUP BY partner_id
            ),
            total AS MATERIALIZED (
                SELECT partner_id, COUNT(*) AS events, SUM(lines) AS lines,
                       SUM(lines)::double precision ^ 2
                           / NULLIF(SUM(lines::double precision * lines::double precision), 0)
                           AS effective,
                       SUM(value) AS value, SUM(kept_value) AS kept_value, %(sums)s
                  FROM event
              GROUP BY partner_id
            )
            SELECT total.*, orders.orders, orders.kept_orders
              FROM total
              JOIN orders ON orders.partner_id = total.partner_id
            """,
            day=SQL(self.day),
            counts=SQL(", ").join(
                SQL("SUM(%s) AS %s", SQL.identifier(name + self.suffix), SQL.identifier(name))
                for name in verdicts
            ),
            value=SQL(self.value),
            kept_value=SQL.identifier("kept_value" + self.suffix),
            events=scope.events,
            judged=SQL(self.judged),
            in_period=scope.in_period(SQL(self.day)),
            sums=sums,
        )


@register
class ApprovedDeliveries(Deliveries):
    code = "deliveries"


@register
class LatestDeliveries(Deliveries):
    code = "deliveries_latest"
    suffix = "_latest"
    judged = "is_judged_latest"
    day = "latest_day"
    value = "latest_value"


class Rate(Measure):
    """A share of the lines that were due."""

    source = "deliveries"
    base = "events"
    effective = "effective"


@register
class Otif(Rate):
    code = "otif"
    name = _lt("On Time in Full")
    help = _lt("Lines whose promised quantity was held at the end of the day promised at approval.")
    expression = "otif::double precision / NULLIF(lines, 0)"


@register
class First(Rate):
    code = "first"
    name = _lt("Begun on Time")
    help = _lt("Lines of which the first receipt came by the promised day.")
    expression = "first::double precision / NULLIF(lines, 0)"


@register
class Complete(Rate):
    code = "complete"
    name = _lt("Complete on Time")
    help = _lt("Lines of which the promised quantity was first reached by the promised day.")
    expression = "complete::double precision / NULLIF(lines, 0)"


@register
class InFull(Rate):
    code = "in_full"
    name = _lt("In Full")
    help = _lt("Lines of which the promised quantity has been received by now.")
    expression = "in_full::double precision / NULLIF(lines, 0)"


@register
class OtifOrder(Rate):
    code = "otif_order"
    name = _lt("Orders on Time in Full")
    help = _lt("Orders of which every line that was due was on time in full.")
    expression = "kept_orders::double precision / NULLIF(orders, 0)"
    base = "orders"
    effective = "orders"


@register
class OtifValue(Rate):
    code = "otif_value"
    name = _lt("Value on Time in Full")
    help = _lt("The share of the promised value that was held at the end of the promised day.")
    expression = "kept_value / NULLIF(value, 0)"


@register
class OtifLatest(Otif):
    code = "otif_latest"
    name = _lt("On Time in Full, Latest Date")
    help = _lt("Against the quantity and the day agreed at last, instead of those approved.")
    source = "deliveries_latest"


@register
class FirstLatest(First):
    code = "first_latest"
    name = _lt("Begun on Time, Latest Date")
    source = "deliveries_latest"


@register
class CompleteLatest(Complete):
    code = "complete_latest"
    name = _lt("Complete on Time, Latest Date")
    source = "deliveries_latest"


@register
class InFullLatest(InFull):
    code = "in_full_latest"
    name = _lt("In Full, Latest Quantity")
    source = "deliveries_latest"


@register
class OtifOrderLatest(OtifOrder):
    code = "otif_order_latest"
    name = _lt("Orders on Time in Full, Latest Date")
    source = "deliveries_latest"


@register
class OtifValueLatest(OtifValue):
    code = "otif_value_latest"
    name = _lt("Value on Time in Full, Latest Date")
    source = "deliveries_latest"
