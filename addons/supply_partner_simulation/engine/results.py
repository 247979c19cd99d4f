"""What came of the days under the terms of the agreement, beside what actually happened.

Stock is that at the end of each day, and below nothing counts as nothing. Rates are NULL where
nothing was demanded. The actual fill rate of what is sold at once is the share of days that ended
with stock, for nobody knows who left.
"""

from odoo.addons.supply_partner.engine.demand import has_stock
from odoo.tools import SQL


def outcomes_query(scope, replay):
    """Return the SELECT of what came of each line, a row per line and factor.

    :return: SQL with ``factor``, ``line_id``, ``served``, ``lost``, ``out_days``, ``stock`` (the
        mean), ``orders`` and ``size`` (the mean of theirs)
    """
    return SQL(
        """
        SELECT factor, line_id, SUM(served) AS served, SUM(lost) AS lost,
               COUNT(*) FILTER (WHERE NOT %(has_stock)s) AS out_days,
               AVG(GREATEST(on_hand, 0)) AS stock,
               COUNT(*) FILTER (WHERE order_qty > 0) AS orders,
               AVG(order_qty) FILTER (WHERE order_qty > 0) AS size
          FROM %(replay)s
         WHERE day >= %(first)s
      GROUP BY factor, line_id
        """,
        has_stock=has_stock(SQL("on_hand")),
        replay=replay,
        first=scope.first,
    )


def actuals_query(history):
    """Return the SELECT of what actually happened to each line, a row per line.

    :return: SQL with ``line_id``, ``deliveries``, ``sales``, ``in_time``, ``days``, ``out_days``,
        ``stock`` (the mean) and ``problem``
    """
    return SQL(
        """
        SELECT line_id, SUM(deliveries) AS deliveries, SUM(sales) AS sales,
               SUM(in_time) AS in_time, COUNT(*) AS days,
               COUNT(*) FILTER (WHERE NOT %(has_stock)s) AS out_days,
               AVG(GREATEST(closing, 0)) AS stock,
               MAX(problem) AS problem
          FROM %(history)s
      GROUP BY line_id
        """,
        has_stock=has_stock(SQL("closing")),
        history=history,
    )


def lines_statement(tables, scope, simulation_id, company_id):
    """Return the INSERT of a ``vmi.simulation.line`` for each line, as agreed (factor 1).

    :param tables: the :class:`~.simulation.Simulation`, by whose names its tables are found
    """
    return SQL(
        """
        WITH simulated_series AS (
            SELECT line_id, ARRAY_AGG(on_hand ORDER BY day) AS series
              FROM %(replay)s
             WHERE factor = 1 AND day >= %(first)s
          GROUP BY line_id
        ),
        actual_series AS (
            SELECT line_id, ARRAY_AGG(ROUND(closing::numeric, %(digits)s) ORDER BY day) AS series
              FROM %(history)s
          GROUP BY line_id
        ),
        purchases AS (
            SELECT line_id, COUNT(*) AS orders, AVG(quantity) AS size
              FROM %(purchases)s
          GROUP BY line_id
        )
        INSERT INTO vmi_simulation_line (
               simulation_id, company_id, sequence, line_id, product_id, problem,
               demanded_qty, lost_qty, fill_rate, actual_fill_rate,
               out_days, actual_out_days, stock_qty, actual_stock_qty,
               stock_value, actual_stock_value,
               order_count, actual_order_count, order_qty, actual_order_qty, series)
        SELECT %(simulation)s, %(company)s, ROW_NUMBER() OVER (ORDER BY line.sequence, line.id),
               line.id, line.product_id, actual.problem,
               actual.deliveries + actual.sales, simulated.lost,
               simulated.served / NULLIF(actual.deliveries + actual.sales, 0),
               CASE WHEN actual.deliveries > 0 THEN actual.in_time / actual.deliveries
                    WHEN actual.sales > 0
                    THEN 1 - actual.out_days::double precision / actual.days
               END,
               simulated.out_days, actual.out_days, simulated.stock, actual.stock,
               simulated.stock * terms.cost, actual.stock * terms.cost,
               simulated.orders, COALESCE(purchases.orders, 0),
               COALESCE(simulated.size, 0), COALESCE(purchases.size, 0),
               JSONB_BUILD_OBJECT('simulated', simulated_series.series,
                                  'actual', actual_series.series)
          FROM %(outcomes)s simulated
          JOIN simulated_series ON simulated_series.line_id = simulated.line_id
          JOIN %(actuals)s actual ON actual.line_id = simulated.line_id
          JOIN actual_series ON actual_series.line_id = simulated.line_id
          JOIN %(terms)s terms ON terms.line_id = simulated.line_id
          JOIN vmi_agreement_line line ON line.id = simulated.line_id
     LEFT JOIN purchases ON purchases.line_id = simulated.line_id
         WHERE simulated.factor = 1
        """,
        replay=tables.table("replay"),
        history=tables.table("history"),
        outcomes=tables.table("outcomes"),
        actuals=tables.table("actuals"),
        terms=tables.table("terms"),
        purchases=tables.table("purchases"),
        first=scope.first,
        digits=scope.review.digits,
        simulation=simulation_id,
        company=company_id,
    )


def factors_query(tables):
    """Return the SELECT of what came of all lines together, a row per factor.

    :return: SQL with ``factor``, ``fill_rate``, ``out_days``, ``stock_value``, ``order_count``
        (of the days with any order) and ``order_qty`` (the mean of a product's)
    """
    return SQL(
        """
        WITH orders AS (
            SELECT factor, COUNT(DISTINCT day) AS days, AVG(order_qty) AS size
              FROM %(replay)s
             WHERE order_qty > 0
          GROUP BY factor
        )
        SELECT simulated.factor, SUM(simulated.out_days) AS out_days,
               SUM(simulated.served) / NULLIF(
                   (SELECT SUM(deliveries + sales) FROM %(actuals)s), 0) AS fill_rate,
               SUM(simulated.stock * terms.cost) AS stock_value,
               MAX(orders.days) AS order_count, MAX(orders.size) AS order_qty
          FROM %(outcomes)s simulated
          JOIN %(terms)s terms ON terms.line_id = simulated.line_id
     LEFT JOIN orders ON orders.factor = simulated.factor
      GROUP BY simulated.factor
      ORDER BY simulated.factor
        """,
        outcomes=tables.table("outcomes"),
        replay=tables.table("replay"),
        actuals=tables.table("actuals"),
        terms=tables.table("terms"),
    )


def actual_query(tables):
    """Return the SELECT, of one row, of what actually happened to all lines together.

    :return: SQL with the columns of :func:`factors_query` without ``factor``
    """
    return SQL(
        """
        SELECT CASE WHEN SUM(deliveries) > 0 THEN SUM(in_time) / SUM(deliveries)
                    ELSE 1 - SUM(out_days)::double precision / SUM(days)
               END AS fill_rate,
               SUM(out_days) AS out_days, SUM(stock * terms.cost) AS stock_value,
               (SELECT COUNT(DISTINCT order_name) FROM %(purchases)s) AS order_count,
               (SELECT AVG(quantity) FROM %(purchases)s) AS order_qty
          FROM %(actuals)s actual
          JOIN %(terms)s terms ON terms.line_id = actual.line_id
        """,
        actuals=tables.table("actuals"),
        purchases=tables.table("purchases"),
        terms=tables.table("terms"),
    )


def stock_query(tables, scope):
    """Return the SELECT of what the stock was worth at the end of each day.

    :return: SQL with ``day``, ``simulated`` and ``actual``, in the order of the days
    """
    return SQL(
        """
        -- Each by itself: a join of both would be one of all lines and days.
        WITH simulated AS (
            SELECT day, SUM(GREATEST(on_hand, 0) * terms.cost) AS value
              FROM %(replay)s replay
              JOIN %(terms)s terms ON terms.line_id = replay.line_id
             WHERE factor = 1 AND day >= %(first)s
          GROUP BY day
        ),
        actual AS (
            SELECT day, SUM(GREATEST(closing, 0) * terms.cost) AS value
              FROM %(history)s history
              JOIN %(terms)s terms ON terms.line_id = history.line_id
          GROUP BY day
        )
        SELECT day, simulated.value AS simulated, actual.value AS actual
          FROM simulated
          JOIN actual USING (day)
      ORDER BY day
        """,
        replay=tables.table("replay"),
        history=tables.table("history"),
        terms=tables.table("terms"),
        first=scope.first,
    )


def purchases_query(scope, supplies):
    """Return the SELECT of what was actually ordered in the days, a row per line and order.

    Receipts without an order count as one a day.

    :param supplies: the table of :func:`~.crossings.supplies_query`
    :return: SQL with ``line_id``, ``quantity`` and ``order_name``
    """
    return SQL(
        """
        SELECT supply.line_id, SUM(move.product_qty) AS quantity,
               COALESCE('order ' || supply.purchase_id, %(day)s::text) AS order_name
          FROM %(supplies)s supply
          JOIN stock_move move ON move.id = supply.move_id
          JOIN stock_location destination ON destination.id = move.location_dest_id
         WHERE supply.ordered_at >= %(start)s AND supply.ordered_at < %(end)s
           -- What went back to the vendor is no order.
           AND destination.usage <> 'supplier'
      GROUP BY supply.line_id, order_name
        """,
        supplies=supplies,
        day=scope.review.local_day(SQL("supply.ordered_at")),
        start=scope.first_start,
        end=scope.review.start_of(SQL("%s + 1", scope.last)),
    )
