"""How much of each product a place gives out a day, and how much that varies."""

from odoo.tools import SQL

from .places import crossing_moves, inside_query
from .steps import DUE, POSITIONS

# In floating point: these are figures of a statistic, and exact numbers take much longer.
QUANTITY = SQL(
    "(move.quantity::double precision * move_unit.factor::double precision"
    " / due.unit_factor::double precision)"
)
# What leaves is demand when it goes there; of what enters, this is demand that came back.
IS_DEMAND = SQL("consumer.usage IN ('customer', 'production')")
RETURNED = SQL(
    "(consumer.usage = 'customer' "
    "OR (consumer.usage = 'production' AND move.origin_returned_move_id IS NOT NULL))"
)
# Where what leaves goes; a delivery in several steps leaves the place with its first one.
TAKEN_TO = SQL("COALESCE(move.location_final_id, move.location_dest_id)")
# With fewer days than these, or than a quarter of the window, the whole window counts.
FEWEST_DAYS = 14


def demands_query(scope):
    """Return the SELECT of each line's demand over its window before today.

    Demand is what left the place for customers or production, less what came back. Stock of
    past days is today's less what moved since.

    :return: SQL with the columns of :func:`demand_figures`, ``day`` being today
    """
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        flows AS (%(flows)s),
        days AS (
            SELECT * FROM flows
             UNION ALL
            -- Two ends to count between: the day before the window, and tomorrow, which begins
            -- with what is on hand.
            SELECT line_id, %(today)s - demand_days - 1, 0, 0, 0 FROM %(due)s
             UNION ALL
            SELECT line_id, %(today)s + 1, -on_hand::double precision, 0, 0 FROM %(positions)s
        ),
        openings AS (
            -- Between two days with moves the stock is that of the later one's start.
            SELECT line_id, day, demand, outflow, -SUM(net) OVER backwards AS opening,
                   GREATEST(LEAST(day, %(today)s - 1) - LEAD(day) OVER backwards, 0) AS span
              FROM days
            WINDOW backwards AS (PARTITION BY line_id ORDER BY day DESC)
        ),
        totals AS (
            SELECT line_id, %(today)s AS day, %(today)s - MIN(day) - 1 AS length,
                   SUM(CASE WHEN %(has_stock)s THEN span
                            WHEN outflow > 0 AND day < %(today)s THEN 1
                            ELSE 0 END) AS stocked_days,
                   SUM(demand) FILTER (WHERE day < %(today)s) AS total,
                   SUM(demand * demand) FILTER (WHERE day < %(today)s) AS squares,
                   COUNT(*) FILTER (WHERE day < %(today)s AND outflow > 0) AS days_with_demand
              FROM openings
          GROUP BY line_id
        ),
        figures AS (%(figures)s)
        SELECT * FROM figures
        """,
        inside=inside_query(),
        flows=flows_query(scope, SQL("due.window_start")),
        today=scope.today,
        due=DUE,
        positions=POSITIONS,
        has_stock=has_stock(SQL("opening")),
        figures=demand_figures(SQL("totals")),
    )


def demand_figures(totals):
    """Return the SELECT of demand a day and its deviation, which is that of a sample.

    :param totals: what to select from: ``line_id``, ``day``, ``length`` of the window before
        it, and over that window ``total`` and ``squares`` of demand, ``days_with_demand`` and
        ``stocked_days`` (those with stock at their start or any demand)
    :return: SQL with ``line_id``, ``day``, ``daily_demand``, ``deviation``, ``days_with_demand``,
        ``stocked_days`` and ``is_thin`` (too few of them: the whole window was counted)
    """
    return SQL(
        """
        WITH thin AS MATERIALIZED (
            SELECT totals.*, stocked_days < GREATEST(%(fewest)s, length / 4.0) AS is_thin
              FROM %(totals)s totals
        ),
        counted AS MATERIALIZED (
            SELECT *, COALESCE(total, 0)::double precision AS sum,
                   CASE WHEN is_thin THEN length ELSE stocked_days END
                       ::double precision AS counted_days
              FROM thin
        )
        SELECT line_id, day, days_with_demand, stocked_days, is_thin,
               GREATEST(sum / counted_days, 0) AS daily_demand,
               CASE WHEN counted_days > 1
                    THEN SQRT(GREATEST((COALESCE(squares, 0) - sum^2 / counted_days)
                                       / (counted_days - 1), 0))
                    ELSE 0 END AS deviation
          FROM counted
        """,
        totals=totals,
        fewest=FEWEST_DAYS,
    )


def has_stock(opening):
    """Return SQL for whether a day began with stock."""
    # Not above 0 itself, for a sum of fractions may miss it by a hair.
    return SQL("%s > 0.000001", opening)


def flows_query(scope, since, columns=None, aggregates=None, joins=None):
    """Return the SELECT of what moved in and out of the lines' places a day, to the present.

    :param since: SQL of the moment from which moves count
    :param columns: SQL of further columns of each move, with a comma before each
    :param aggregates: SQL of further figures of a day, with a comma before each; besides those
        columns there are ``net`` and ``is_demand`` (of customers or production, or given back)
    :param joins: SQL of the tables to join for the columns
    :return: SQL over ``inside`` with ``line_id``, ``day``, ``net`` (what came less what left),
        ``demand`` (what left for customers or production less what came back) and ``outflow``
        (without what came back)
    """
    columns, joins = columns or SQL(), joins or SQL()
    return SQL(
        """
        WITH crossings AS MATERIALIZED (%(leaving)s UNION ALL %(entering)s)
        SELECT line_id, %(day)s AS day, SUM(net) AS net,
               COALESCE(-SUM(net) FILTER (WHERE is_demand), 0) AS demand,
               COALESCE(-SUM(net) FILTER (WHERE is_demand AND net < 0), 0) AS outflow
               %(aggregates)s
          FROM crossings
      GROUP BY line_id, 2
        """,
        day=scope.local_day(SQL("date")),
        leaving=_done_moves(
            False,
            SQL("-%s AS net, %s AS is_demand %s", QUANTITY, IS_DEMAND, columns),
            since,
            SQL("%s %s", consumer_join(TAKEN_TO), joins),
        ),
        entering=_done_moves(
            True,
            SQL("%s AS net, %s AS is_demand %s", QUANTITY, RETURNED, columns),
            since,
            SQL("%s %s", consumer_join(SQL("move.location_id")), joins),
        ),
        aggregates=aggregates or SQL(),
    )


def _done_moves(inbound, columns, since, joins):
    return crossing_moves(
        inbound,
        SQL("due.line_id, move.date, %s", columns),
        SQL("move.state = 'done' AND move.date >= %s", since),
        joins,
    )


def consumer_join(consumer):
    """Return the joins of ``move_unit`` and of the location ``consumer`` at the other end."""
    return SQL(
        "JOIN uom_uom move_unit ON move_unit.id = move.product_uom "
        "JOIN stock_location consumer ON consumer.id = %s",
        consumer,
    )
