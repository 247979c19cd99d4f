"""How much of each product a place gives out a day, and how much that varies."""

from odoo.tools import SQL

from .places import crossing_moves, inside_query
from .steps import DUE, POSITIONS

# In floating point: these are figures of a statistic, and exact numbers take much longer.
QUANTITY = SQL(
    "(move.quantity::double precision * move_unit.factor::double precision"
    " / due.unit_factor::double precision)"
)
# Where what leaves goes; a delivery in several steps leaves the place with its first one.
TAKEN_TO = SQL("COALESCE(move.location_final_id, move.location_dest_id)")
IS_DEMAND = SQL("consumer.usage IN ('customer', 'production')")
# With fewer days than these, or than a quarter of the window, the whole window counts.
FEWEST_DAYS = 14


def demands_query(scope):
    """Return the SELECT of each line's demand over its window before today.

    Demand is what left the place for customers or production, less what came back. The days
    that count are those with stock at their start or any demand; stock of past days is today's
    less what moved since. The deviation is that of a sample.

    :return: SQL with ``line_id``, ``daily_demand``, ``deviation``, ``demand_days`` (days with
        demand), ``stocked_days`` (days that could have had some) and ``is_thin`` (too few of
        them: the whole window was counted)
    """
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        flows AS (%(flows)s),
        days AS (
            SELECT line_id, day, SUM(net) AS net, SUM(demand) AS demand, SUM(outflow) AS outflow
              FROM (SELECT * FROM flows
                     UNION ALL
                    SELECT line_id, %(today)s, 0, 0, 0 FROM %(due)s) AS every
          GROUP BY line_id, day
        ),
        openings AS (
            SELECT days.line_id, days.day, days.demand, days.outflow, due.demand_days AS length,
                   -- Not above 0 itself, for a sum of fractions may miss it by a hair.
                   positions.on_hand::double precision - SUM(days.net) OVER (
                       PARTITION BY days.line_id ORDER BY days.day DESC) > 0.000001 AS has_stock,
                   days.day - COALESCE(
                       LAG(days.day) OVER (PARTITION BY days.line_id ORDER BY days.day),
                       %(today)s - due.demand_days - 1) AS since
              FROM days
              JOIN %(due)s due ON due.line_id = days.line_id
              JOIN %(positions)s positions ON positions.line_id = days.line_id
        ),
        totals AS (
            SELECT line_id, MAX(length) AS length,
                   -- Between two days with moves the stock is that of the later one's start.
                   SUM(CASE WHEN day = %(today)s
                            THEN CASE WHEN has_stock THEN since - 1 ELSE 0 END
                            WHEN has_stock THEN since
                            WHEN outflow > 0 THEN 1
                            ELSE 0 END) AS stocked_days,
                   SUM(demand) FILTER (WHERE day < %(today)s) AS total,
                   SUM(demand * demand) FILTER (WHERE day < %(today)s) AS squares,
                   COUNT(*) FILTER (WHERE day < %(today)s AND outflow > 0) AS demand_days
              FROM openings
          GROUP BY line_id
        ),
        counted AS (
            SELECT *, stocked_days < GREATEST(%(fewest)s, length / 4.0) AS is_thin,
                   CASE WHEN stocked_days < GREATEST(%(fewest)s, length / 4.0)
                        THEN length ELSE stocked_days END::double precision AS counted_days
              FROM totals
        )
        SELECT line_id, demand_days, stocked_days, is_thin,
               GREATEST(COALESCE(total, 0) / counted_days, 0) AS daily_demand,
               CASE WHEN counted_days > 1
                    THEN SQRT(GREATEST(
                        (COALESCE(squares, 0) - COALESCE(total, 0)^2 / counted_days)
                        / (counted_days - 1), 0))
                    ELSE 0 END AS deviation
          FROM counted
        """,
        inside=inside_query(),
        flows=flows_query(scope),
        today=scope.today,
        due=DUE,
        positions=POSITIONS,
        fewest=FEWEST_DAYS,
    )  # fmt: skip


def flows_query(scope):
    """Return the SELECT of what moved in and out of the lines' places a day, to the present.

    :return: SQL over ``inside`` with ``line_id``, ``day``, ``net`` (what came less what left),
        ``demand`` (what left for customers or production less what came back) and ``outflow``
        (without what came back)
    """
    return SQL(
        """
        SELECT line_id, %(day)s AS day, SUM(net) AS net, SUM(demand) AS demand,
               SUM(GREATEST(demand, 0)) AS outflow
          FROM (%(leaving)s UNION ALL %(entering)s) AS crossings
      GROUP BY line_id, 2
        """,
        day=scope.local_day(SQL("date")),
        leaving=_done_moves(
            False,
            SQL("-%(quantity)s AS net, CASE WHEN %(is_demand)s THEN %(quantity)s ELSE 0 END "
                "AS demand", quantity=QUANTITY, is_demand=IS_DEMAND),
            TAKEN_TO,
        ),
        entering=_done_moves(
            True,
            SQL("%(quantity)s AS net, CASE WHEN consumer.usage = 'customer' "
                "OR (consumer.usage = 'production' AND move.origin_returned_move_id IS NOT NULL) "
                "THEN -%(quantity)s ELSE 0 END AS demand", quantity=QUANTITY),
            SQL("move.location_id"),
        ),
    )  # fmt: skip


def _done_moves(inbound, columns, consumer):
    return crossing_moves(
        inbound,
        SQL("due.line_id, move.date, %s", columns),
        SQL("move.state = 'done' AND move.date >= due.window_start"),
        consumer_join(consumer),
    )


def consumer_join(consumer):
    """Return the joins of ``move_unit`` and of the location ``consumer`` at the other end."""
    return SQL(
        "JOIN uom_uom move_unit ON move_unit.id = move.product_uom "
        "JOIN stock_location consumer ON consumer.id = %s",
        consumer,
    )
