"""A year under other terms: what would have happened beside what did."""

from odoo.tools import SQL

from .due import due_query
from .lead_time import leads_query
from .position import positions_query
from .simulation_days import replay, start_query, terms_query
from .simulation_history import history_query, supplies_query
from .steps import DUE, HISTORY, LEADS, POSITIONS, REPLAY, SUPPLIES, TERMS, create, drop


def simulate(cr, scope):
    """Fill the temporary tables of a simulation; nothing that others see is written.

    :param scope: the :class:`~.simulation_scope.SimulationScope`
    """
    create(cr, DUE, due_query(scope.review))
    create(cr, POSITIONS, positions_query(scope.review))
    create(cr, LEADS, leads_query(scope.before))
    create(cr, SUPPLIES, supplies_query(scope))
    create(cr, HISTORY, history_query(scope))
    create(cr, TERMS, terms_query())
    create(cr, REPLAY, start_query(scope))
    replay(cr, scope)
    cr.execute(SQL("ANALYZE %s", REPLAY))


def forget(cr):
    """Drop the temporary tables of a simulation."""
    drop(cr, DUE, POSITIONS, LEADS, SUPPLIES, HISTORY, TERMS, REPLAY)


def wanted_query():
    """Return the SELECT of the number of lines of which anything was wanted."""
    return SQL(
        "SELECT COUNT(DISTINCT line_id) FROM %s WHERE deliveries + sales + backlog > 0", HISTORY
    )


def lines_query(scope):
    """Return the SELECT of what came of each line under the terms as they are, and really.

    Stock is taken at the end of each day; below nothing counts as nothing. Sizes are the means
    of a line's orders. Fill rates are NULL where nothing was wanted; the real one of a line that
    is sold at once is the share of days that ended with stock, for nobody knows who left.

    :return: SQL with a row per line
    """
    return SQL(
        """
        WITH costs (line_id, cost) AS (%(costs)s),
        proposed AS (
            SELECT line_id, SUM(served) AS served, SUM(lost) AS lost,
                   COUNT(*) FILTER (WHERE on_hand <= 0) AS out_days,
                   AVG(GREATEST(on_hand, 0)) AS stock,
                   COUNT(*) FILTER (WHERE order_qty > 0) AS orders,
                   AVG(order_qty) FILTER (WHERE order_qty > 0) AS size,
                   JSONB_AGG(on_hand ORDER BY day) AS series
              FROM %(replay)s
             WHERE factor = 1 AND day >= %(first)s
          GROUP BY line_id
        ),
        happened AS (
            SELECT line_id, SUM(deliveries) AS deliveries, SUM(sales) AS sales,
                   SUM(in_time) AS in_time, COUNT(*) AS days,
                   COUNT(*) FILTER (WHERE closing < 0.000001) AS out_days,
                   AVG(GREATEST(closing, 0)) AS stock,
                   MAX(problem) AS problem,
                   JSONB_AGG(ROUND(closing::numeric, %(digits)s) ORDER BY day) AS series
              FROM %(history)s
          GROUP BY line_id
        ),
        purchases AS (
            SELECT line_id, COUNT(*) AS orders, AVG(quantity) AS size
              FROM (%(purchases)s) purchases
          GROUP BY line_id
        )
        SELECT line.id AS line_id, line.product_id, happened.deliveries + happened.sales AS wanted,
               proposed.lost, happened.problem,
               proposed.served / NULLIF(happened.deliveries + happened.sales, 0) AS fill_rate,
               CASE WHEN happened.deliveries > 0 THEN happened.in_time / happened.deliveries
                    WHEN happened.sales > 0
                    THEN 1 - happened.out_days::double precision / happened.days
               END AS actual_fill_rate,
               proposed.out_days, happened.out_days AS actual_out_days,
               proposed.stock AS stock_qty, happened.stock AS actual_stock_qty,
               proposed.stock * costs.cost AS stock_value,
               happened.stock * costs.cost AS actual_stock_value,
               proposed.orders AS order_count, COALESCE(purchases.orders, 0) AS actual_order_count,
               COALESCE(proposed.size, 0) AS order_qty,
               COALESCE(purchases.size, 0) AS actual_order_qty,
               JSONB_BUILD_OBJECT('proposed', proposed.series, 'real', happened.series) AS series
          FROM proposed
          JOIN happened ON happened.line_id = proposed.line_id
          JOIN costs ON costs.line_id = proposed.line_id
          JOIN vmi_agreement_line line ON line.id = proposed.line_id
     LEFT JOIN purchases ON purchases.line_id = proposed.line_id
      ORDER BY line.sequence, line.id
        """,
        costs=scope.costs_values(),
        replay=REPLAY,
        history=HISTORY,
        first=scope.first,
        digits=scope.review.digits,
        purchases=_purchases_query(scope),
    )


def _purchases_query(scope):
    """Return the SELECT of what was really ordered in the days, a row per line and order.

    Receipts without an order count as one a day.
    """
    return SQL(
        """
        SELECT supply.line_id, SUM(move.product_qty) AS quantity,
               COALESCE('order ' || supply.purchase_id,
                        %(day)s::text) AS order_name
          FROM %(supplies)s supply
          JOIN stock_move move ON move.id = supply.move_id
          JOIN stock_location origin ON origin.id = move.location_id
          JOIN stock_location destination ON destination.id = move.location_dest_id
         WHERE supply.ordered_at >= %(start)s AND supply.ordered_at < %(end)s
           -- What went back to the vendor is no order.
           AND destination.usage <> 'supplier'
      GROUP BY supply.line_id, order_name
        """,
        supplies=SUPPLIES,
        day=scope.review.local_day(SQL("supply.ordered_at")),
        start=scope.first_start,
        end=scope.review.start_of(SQL("%s + 1", scope.last)),
    )


def factors_query(scope):
    """Return the SELECT of stock against service, a row per factor of minimum and maximum.

    Stock is worth what its products cost; the number of orders is that of days with any.

    :return: SQL with ``factor``, ``fill_rate``, ``out_days``, ``stock_value`` and ``order_count``
    """
    return SQL(
        """
        WITH costs (line_id, cost) AS (%(costs)s),
        lines AS (
            SELECT factor, line_id, SUM(served) AS served,
                   COUNT(*) FILTER (WHERE on_hand <= 0) AS out_days,
                   AVG(GREATEST(on_hand, 0)) AS stock
              FROM %(replay)s
             WHERE day >= %(first)s
          GROUP BY factor, line_id
        ),
        orders AS (
            SELECT factor, COUNT(DISTINCT day) AS days, AVG(order_qty) AS size
              FROM %(replay)s
             WHERE order_qty > 0
          GROUP BY factor
        )
        SELECT lines.factor, SUM(lines.out_days) AS out_days,
               SUM(lines.served) / NULLIF(
                   (SELECT SUM(deliveries + sales) FROM %(history)s), 0) AS fill_rate,
               SUM(lines.stock * costs.cost) AS stock_value,
               MAX(orders.days) AS order_count, MAX(orders.size) AS order_qty
          FROM lines
          JOIN costs ON costs.line_id = lines.line_id
     LEFT JOIN orders ON orders.factor = lines.factor
      GROUP BY lines.factor
      ORDER BY lines.factor
        """,
        costs=scope.costs_values(),
        replay=REPLAY,
        history=HISTORY,
        first=scope.first,
    )


def totals_query(scope):
    """Return the SELECT, of one row, of what really happened to all lines together.

    :return: SQL with ``fill_rate``, ``out_days``, ``stock_value`` and ``order_count``
    """
    return SQL(
        """
        WITH costs (line_id, cost) AS (%(costs)s),
        purchases AS (%(purchases)s)
        SELECT CASE WHEN SUM(deliveries) > 0 THEN SUM(in_time) / SUM(deliveries)
                    ELSE AVG((closing >= 0.000001)::integer) END AS fill_rate,
               COUNT(*) FILTER (WHERE closing < 0.000001) AS out_days,
               SUM(GREATEST(closing, 0) * costs.cost) / COUNT(DISTINCT day) AS stock_value,
               (SELECT COUNT(DISTINCT order_name) FROM purchases) AS order_count,
               (SELECT AVG(quantity) FROM purchases) AS order_qty
          FROM %(history)s history
          JOIN costs ON costs.line_id = history.line_id
        """,
        costs=scope.costs_values(),
        purchases=_purchases_query(scope),
        history=HISTORY,
    )


def days_query(scope):
    """Return the SELECT of what the stock was worth at the end of each day, both ways."""
    return SQL(
        """
        WITH costs (line_id, cost) AS (%(costs)s)
        SELECT history.day, SUM(GREATEST(replay.on_hand, 0) * costs.cost) AS proposed,
               SUM(GREATEST(history.closing, 0) * costs.cost) AS happened
          FROM %(history)s history
          JOIN %(replay)s replay
            ON replay.line_id = history.line_id AND replay.day = history.day
           AND replay.factor = 1
          JOIN costs ON costs.line_id = history.line_id
      GROUP BY history.day
      ORDER BY history.day
        """,
        costs=scope.costs_values(),
        replay=REPLAY,
        history=HISTORY,
    )
