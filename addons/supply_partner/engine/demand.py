"""How much of each product a location gives out a day, and how much that varies."""

from odoo.tools import SQL

from .locations import DONE_TARGET, OPEN_TARGET, crossing_moves, inside_step

# In floating point: these are figures of a statistic, and exact numbers take much longer. So does
# each that is turned into one of these, wherefore units are compared first.
QUANTITY = SQL(
    "(CASE WHEN move_unit.factor = due.unit_factor THEN move.quantity::double precision "
    "ELSE move.quantity::double precision * move_unit.factor::double precision"
    " / due.unit_factor::double precision END)"
)
# Where what leaves goes; a delivery in several steps leaves the location with its first one.
TAKEN_TO = OPEN_TARGET

# With fewer days than these, or than a quarter of the window, all days since the product was
# first there count, but at least so many.
FEWEST_DAYS = 14
SHORTEST_LIFE_DAYS = 7

# Few moves are given back: the others need not be looked through.
RETURN_JOINS = SQL(
    "LEFT JOIN (SELECT * FROM stock_move WHERE id IN (SELECT origin_returned_move_id "
    "FROM stock_move WHERE origin_returned_move_id IS NOT NULL)) AS taken "
    "ON taken.id = move.origin_returned_move_id "
    "LEFT JOIN stock_location taken_to "
    "ON taken_to.id = COALESCE(taken.location_final_id, taken.location_dest_id)"
)


def demands_query(scope, due, positions, days=None, inside=None):
    """Return the SELECT of each line's demand over its window before today.

    Demand is what left the location for good, less what came back, as the scope's conditions have
    it. Stock of past days is today's less what moved since.

    :param due: the table of lines
    :param positions: the table of their positions
    :param days: what :func:`days_query` found of the lines; it may reach back further
    :param inside: the table of :func:`~.locations.inside_query`, when there is one
    :return: SQL with the columns of :func:`demand_figures`, ``day`` being today
    """
    return SQL(
        """
        WITH %(inside)s,
        sums AS (
            -- By line alone: so they are in order already. Stock that was there from one day with
            -- moves to the next is reckoned with the days on which it came and went.
            SELECT line_id, MAX(length) AS length, %(had_stock)s AS was_there,
                   MAX(age) FILTER (WHERE demand <> 0 OR outflow <> 0 OR %(has_stock)s) AS seen,
                   SUM(CASE WHEN %(has_stock)s <> %(kept_stock)s
                            THEN CASE WHEN %(has_stock)s THEN 1 ELSE -1 END * (1 - GREATEST(age, 1))
                            ELSE 0 END)
                       + COUNT(*) FILTER (WHERE age > 0 AND outflow > 0 AND NOT %(has_stock)s)
                       AS stocked_days,
                   SUM(demand) FILTER (WHERE age > 0) AS total,
                   SUM(demand * demand) FILTER (WHERE age > 0) AS squares,
                   COUNT(*) FILTER (WHERE age > 0 AND outflow > 0) AS days_with_demand
              FROM %(ages)s
          GROUP BY line_id
        ),
        windows AS (
            SELECT line_id, %(today)s AS day, length, total, squares, days_with_demand,
                   -- What lay there when the window began was there all its days.
                   CASE WHEN was_there THEN length + 1 ELSE seen END AS seen,
                   stocked_days + CASE WHEN was_there THEN length ELSE 0 END AS stocked_days
              FROM sums
            OFFSET '0'
        ),
        totals AS (
            SELECT windows.*, %(life)s AS life
              FROM windows
              JOIN %(due)s due ON due.line_id = windows.line_id
        ),
        figures AS (%(figures)s)
        SELECT * FROM figures
        """,
        inside=inside_step(due, inside),
        ages=_known_ages_query(scope, days) if days else _ages_query(scope, due, positions),
        today=SQL("%s::date", scope.today),
        due=due,
        has_stock=has_stock(SQL("opening")),
        kept_stock=has_stock(SQL("(opening + net)")),
        had_stock=has_stock(SQL("-SUM(net)")),
        life=days_of_life(SQL("seen"), SQL("windows.length"), SQL("due.window_start")),
        figures=demand_figures(SQL("totals")),
    )


def _ages_query(scope, due, positions):
    """Return what to select from: the days with moves of each line's window, and tomorrow.

    :return: SQL of a table with ``line_id``, ``age`` (days before today), ``length`` (of the
        window; of tomorrow alone), ``net``, ``demand`` and ``outflow`` of the day, and ``opening``
    """
    return SQL(
        "(SELECT *, -SUM(net) OVER (PARTITION BY line_id ORDER BY age ROWS UNBOUNDED PRECEDING) "
        "AS opening FROM (%s) AS days) AS ages",
        _aged_sums_query(
            scope,
            crossings_query(scope, due, SQL("due.window_start")),
            stocks_query(due, positions),
        ),
    )


def _known_ages_query(scope, days):
    """Return the same of the table of :func:`days_query`, which may reach back further."""
    return SQL(
        "(SELECT line_id, %(today)s - day AS age, length, net, demand, outflow, opening "
        # The rows of predecessors have no window.
        "FROM %(days)s AS days WHERE day >= %(today)s - length ORDER BY line_id, day DESC) AS ages",
        today=SQL("%s::date", scope.today),
        days=days,
    )


def days_query(scope, crossings, stocks):
    """Return the SELECT of the days on which anything moved, and of tomorrow.

    :param crossings: what moved, as SQL of :func:`crossings_query` alone
    :param stocks: SQL of :func:`stocks_query`, of all lines
    :return: SQL with ``line_id``, ``length`` (of its window), ``day``, ``net`` (what came less
        what left), ``demand``, ``outflow``, ``opening`` (stock at its start, and since the day
        before it with moves), and ``previous_day`` and ``next_day`` (with moves)
    """
    return SQL(
        """
        SELECT line_id, %(today)s - age AS day, net, demand, outflow,
               -SUM(net) OVER backwards AS opening,
               %(today)s - LEAD(age) OVER backwards AS previous_day,
               %(today)s - LAG(age) OVER backwards AS next_day,
               -- Each line has a tomorrow, from which on this goes back.
               MAX(length) OVER backwards AS length
          FROM (%(days)s) AS days
        -- Sorted once: what is grouped in an order comes in that order, if it ascends.
        WINDOW backwards AS (PARTITION BY line_id ORDER BY age)
        """,
        today=SQL("%s::date", scope.today),
        days=_aged_sums_query(scope, crossings, stocks),
    )


def _aged_sums_query(scope, crossings, stocks):
    """Return the SELECT of what moved by line and days before today.

    With a row of tomorrow, from which on one goes back: it takes away what lies there.

    :param crossings: as for :func:`days_query`, and ``stocks``
    :return: SQL with ``line_id``, ``age``, ``length`` (of tomorrow alone), ``net``, ``demand`` and
        ``outflow``
    """
    return _sums_query(
        SQL(
            """
            SELECT line_id, %(today)s - day AS age, net, is_demand, NULL::integer AS length
              FROM (%(crossings)s) AS moved
             UNION ALL
            SELECT line_id, -1, -stored::double precision, FALSE, length
              FROM (%(stocks)s) AS stocks
            """,
            crossings=crossings,
            stocks=stocks,
            today=SQL("%s::date", scope.today),
        ),
        SQL("age"),
        SQL(", MAX(length) AS length"),
    )


def stocks_query(due, positions):
    """Return the SELECT of what lies there of each line and of the days of its window.

    :param due: the table of lines
    :param positions: the table of their positions
    :return: SQL with ``line_id``, ``stored`` and ``length``
    """
    return SQL(
        "SELECT due.line_id, positions.stored, due.demand_period_days AS length "
        "FROM %s positions JOIN %s due ON due.line_id = positions.line_id",
        positions,
        due,
    )


def days_of_life(seen, length, since):
    """Return SQL for the days of a window since the product was first at the location.

    :param seen: SQL of the days since something of it was seen in the window; NULL: nothing was
    :param length: SQL of the days of the window
    :param since: SQL of the moment at which the window begins
    :return: SQL over ``due`` and ``inside``, from 7 up to the window's days: all of them where
        the product was there before the window, or where :func:`demand_figures` do not ask
    """
    return SQL(
        """
        CASE WHEN %(is_thin)s AND %(seen)s < %(length)s AND NOT EXISTS (
                  SELECT FROM stock_move move
                    JOIN inside ON inside.location_id = move.location_dest_id
                               AND inside.root_id = due.location_id
                   WHERE move.product_id = due.product_id AND move.state = 'done'
                     AND move.date < %(since)s)
             THEN LEAST(GREATEST(%(seen)s, %(shortest)s), %(length)s)
             ELSE %(length)s END""",
        seen=seen,
        length=length,
        since=since,
        is_thin=_is_thin(length),
        shortest=SHORTEST_LIFE_DAYS,
    )


def _is_thin(length):
    """Return SQL for whether too few days count; it reads ``stocked_days``."""
    return SQL("stocked_days < GREATEST(%s, %s / 4.0)", FEWEST_DAYS, length)


def demand_figures(totals):
    """Return the SELECT of demand a day and its deviation, which is that of a sample.

    :param totals: what to select from: ``line_id``, ``day``, ``length`` of the window before
        it, ``life`` (of it, the days since the product was first there), and over that window
        ``total`` and ``squares`` of demand, ``days_with_demand`` and ``stocked_days`` (those with
        stock at their start or any demand)
    :return: SQL with ``line_id``, ``day``, ``daily_demand``, ``deviation``, ``days_with_demand``,
        ``stocked_days`` and ``is_thin`` (too few of them: ``life`` was counted)
    """
    return SQL(
        """
        -- OFFSET 0: each step's terms are reckoned once.
        WITH thin AS (
            SELECT totals.*, %(is_thin)s AS is_thin
              FROM %(totals)s totals
            OFFSET '0'
        ),
        counted AS (
            SELECT *, COALESCE(total, 0)::double precision AS sum,
                   CASE WHEN is_thin THEN life ELSE stocked_days END
                       ::double precision AS counted_days
              FROM thin
            OFFSET '0'
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
        is_thin=_is_thin(SQL("length")),
    )


def has_stock(opening):
    """Return SQL for whether a day began with stock."""
    # Not above 0 itself, for a sum of fractions may miss it by a hair.
    return SQL("(%s > 0.000001)", opening)


def flows_query(scope, due, since, columns=None, aggregates=None, joins=None):
    """Return the SELECT of what moved in and out of the lines' locations a day, to the present.

    :param due: the table of lines
    :param since: SQL of the moment from which moves count
    :param columns: SQL of further columns of each move, with a comma before each
    :param aggregates: SQL of further figures of a day, with a comma before each; besides those
        columns there are ``net`` and ``is_demand`` (or given back)
    :param joins: SQL of the tables to join for the columns
    :return: SQL over ``inside`` with ``line_id``, ``day``, ``net`` (what came less what left),
        ``demand`` (what left for good less what came back) and ``outflow`` (without what came
        back)
    """
    return _sums_query(crossings_query(scope, due, since, columns, joins), SQL("day"), aggregates)


def crossings_query(scope, due, since, columns=None, joins=None):
    """Return the SELECT of what moved in and out of the lines' locations, move by move.

    :return: SQL as :func:`flows_query` takes it, with ``line_id``, ``day``, ``net`` and
        ``is_demand``
    """
    columns, joins = columns or SQL(), joins or SQL()
    return SQL(
        "%s UNION ALL %s",
        _done_moves(
            scope,
            due,
            False,
            SQL("-%s AS net, %s AS is_demand %s", QUANTITY, scope.conditions.demand, columns),
            since,
            SQL("%s %s", consumer_join(TAKEN_TO), joins),
        ),
        _done_moves(
            scope,
            due,
            True,
            SQL("%s AS net, %s AS is_demand %s", QUANTITY, scope.conditions.returned, columns),
            since,
            SQL("%s %s %s", consumer_join(SQL("move.location_id")), RETURN_JOINS, joins),
        ),
    )


def _sums_query(crossings, day, aggregates=None):
    """Return the SELECT of what crossed by line and ``day``, the name of a column."""
    return SQL(
        """
        -- Sorted first: so many groups at once take longer, and much room.
        SELECT line_id, %(day)s, SUM(net) AS net,
               COALESCE(-SUM(net) FILTER (WHERE is_demand), 0) AS demand,
               COALESCE(-SUM(net) FILTER (WHERE is_demand AND net < 0), 0) AS outflow
               %(aggregates)s
          FROM (SELECT *
                  FROM (%(crossings)s) AS crossings
              ORDER BY line_id, %(day)s
                OFFSET '0') AS crossings
      GROUP BY line_id, %(day)s
        """,
        crossings=crossings,
        day=day,
        aggregates=aggregates or SQL(),
    )


def _done_moves(scope, due, inbound, columns, since, joins):
    return crossing_moves(
        due,
        inbound,
        SQL("due.line_id, %s AS day, %s", scope.local_day(SQL("move.date")), columns),
        SQL("move.state = 'done' AND move.date >= %s AND %s", since, scope.conditions.moved),
        joins,
        DONE_TARGET,
    )


def consumer_join(consumer):
    """Return the joins of ``move_unit`` and of the location ``consumer`` at the other end."""
    # Each move has that end; joined outright, PostgreSQL expects few of them to have it.
    return SQL(
        "JOIN uom_uom move_unit ON move_unit.id = move.product_uom "
        "LEFT JOIN stock_location consumer ON consumer.id = %s",
        consumer,
    )
