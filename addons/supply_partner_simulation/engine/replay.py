"""The days under the terms of the agreement: one after the other, all lines at once."""

from odoo.addons.supply_partner.engine.apply import is_held
from odoo.addons.supply_partner.engine.levels import (
    glided_maximum,
    glided_minimum,
    is_urgent,
    quantities_query,
)
from odoo.addons.supply_partner.engine.prices import prices_query
from odoo.tools import SQL


def start_query(scope, history):
    """Return the SELECT of the evening before the first day, a row per line and factor.

    :param history: the table of :func:`~.history.history_query`
    :return: SQL with ``factor``, ``line_id``, ``day``; at the day's end ``on_hand``,
        ``backlog`` (wanted and still to deliver) and ``on_order`` (proposed in the simulation
        and still to come); of the day ``served`` (what was wanted that day and delivered),
        ``lost``, ``order_qty`` and ``arrival``
    """
    return SQL(
        """
        SELECT factor, history.line_id, history.day - 1 AS day,
               ROUND(history.opening::numeric, %(digits)s) AS on_hand,
               history.backlog,
               0::numeric AS on_order, 0::numeric AS served, 0::numeric AS lost,
               0::numeric AS order_qty, NULL::date AS arrival
          FROM %(history)s history, unnest(%(factors)s::numeric[]) AS factor
         WHERE history.day = %(first)s
        """,
        digits=scope.review.digits,
        history=history,
        factors=list(scope.factors),
        first=scope.first,
    )


def terms_query(scope, due):
    """Return the SELECT of what holds on every day.

    :param due: the table of lines
    :return: SQL with ``line_id``, ``minimum_qty``, ``multiple``, ``method`` and ``cost`` (of a
        unit in stock)
    """
    return SQL(
        """
        WITH costs (line_id, cost) AS (%(costs)s)
        SELECT due.line_id, due.minimum_qty::numeric, due.multiple::numeric, due.method, costs.cost
          FROM %(due)s due
          JOIN costs ON costs.line_id = due.line_id
        """,
        costs=scope.costs_values(),
        due=due,
    )


def glide_query(scope):
    """Return the SELECT of where the glide path begins, a row per factor.

    :return: SQL with ``factor``, ``share`` (of the maximum) and ``first_day`` (of the cycle)
    """
    return SQL(
        "SELECT factor, 1::numeric AS share, %s::date AS first_day "
        "FROM unnest(%s::numeric[]) AS factor",
        scope.first,
        list(scope.factors),
    )


def seen_query(replay, history, glide, day):
    """Return the SELECT of what each factor's cycle has seen at the end of a day.

    :return: SQL with ``factor``, ``first_day``, ``units`` (products times days with demand),
        ``good`` of them, ``wanted`` and ``served``
    """
    return SQL(
        """
        SELECT factor, MIN(first_day) AS first_day, COUNT(*) FILTER (WHERE wanted > 0) AS units,
               COUNT(*) FILTER (WHERE wanted > 0 AND served >= wanted - 0.000001) AS good,
               SUM(wanted) AS wanted, SUM(served) AS served
          FROM (SELECT replay.factor, glide.first_day, replay.served,
                       history.deliveries + history.sales AS wanted
                  FROM %(replay)s replay
                  JOIN %(glide)s glide ON glide.factor = replay.factor
                  JOIN %(history)s history
                    ON history.line_id = replay.line_id AND history.day = replay.day
                 WHERE replay.day BETWEEN glide.first_day AND %(day)s) AS days
      GROUP BY factor
        """,
        replay=replay,
        glide=glide,
        history=history,
        day=SQL("%s::date", day),
    )


def glide_statement(glide, factor, share, first_day):
    """Return the UPDATE by which a factor's next cycle begins at another share."""
    return SQL(
        "UPDATE %s SET share = %s, first_day = %s WHERE factor = %s",
        glide,
        share,
        first_day,
        factor,
    )


def day_statement(scope, replay, history, terms, glide, day):
    """Return the INSERT of a day: receipts, counts, demand, close, review.

    :param replay: the table of the days so far, first filled by :func:`start_query`
    :param history: the table of :func:`~.history.history_query`
    :param terms: the table of :func:`terms_query`
    :param glide: the table of :func:`glide_query`
    :param day: SQL of the day
    """
    return SQL(
        """
        INSERT INTO %(replay)s
        -- Step by step, for PostgreSQL would put each step's terms into all that follow: OFFSET 0
        -- keeps it from that.
        WITH mornings AS (
            SELECT before.factor, before.backlog, history.*,
                   terms.minimum_qty, terms.multiple, terms.method,
                   glide.share AS glide_share,
                   before.on_order - COALESCE(arrived.order_qty, 0) AS on_order,
                   before.on_hand + COALESCE(arrived.order_qty, 0) + history.receipts
                       + history.others AS stock
              FROM (SELECT * FROM %(replay)s WHERE day = %(day)s - 1) before
              JOIN (SELECT line_id, receipts, others, deliveries, sales, known_in, known_out,
                           lead_days, problem, is_resting, level_min, level_max
                      FROM %(history)s WHERE day = %(day)s) history
                ON history.line_id = before.line_id
              JOIN %(terms)s terms ON terms.line_id = before.line_id
              JOIN %(glide)s glide ON glide.factor = before.factor
         LEFT JOIN (SELECT factor, line_id, order_qty FROM %(replay)s
                     WHERE arrival = %(day)s) arrived
                ON arrived.line_id = before.line_id AND arrived.factor = before.factor
            OFFSET 0
        ),
        delivered AS (
            SELECT *, LEAST(GREATEST(stock, 0), backlog + deliveries) AS delivered FROM mornings
            OFFSET 0
        ),
        served AS (
            SELECT *, LEAST(GREATEST(stock, 0) - delivered, sales) AS sold FROM delivered
            OFFSET 0
        ),
        closes AS (
            SELECT factor, line_id, problem, is_resting, on_order,
                   stock - delivered - sold AS on_hand,
                   backlog + deliveries - delivered AS backlog,
                   GREATEST(delivered - backlog, 0) + sold AS served, sales - sold AS lost,
                   stock - sold - backlog - deliveries + on_order + known_in - known_out
                       AS position,
                   ROUND(level_min * factor, %(digits)s) AS level_min,
                   ROUND(level_max * factor, %(digits)s) AS level_max,
                   minimum_qty, multiple, lead_days, method, glide_share
              FROM served
            OFFSET 0
        ),
        glided AS (
            SELECT factor, line_id, problem, is_resting, on_order, on_hand, backlog, served, lost,
                   position, minimum_qty, multiple, lead_days,
                   %(level_min)s AS level_min, %(level_max)s AS level_max
              FROM closes
            OFFSET 0
        ),
        quantities AS (%(quantities)s OFFSET 0)
        SELECT factor, line_id, %(day)s, on_hand, backlog, on_order + order_qty, served, lost,
               order_qty,
               -- What is ordered in the evening comes the next morning at the earliest.
               CASE WHEN order_qty > 0
                    THEN %(day)s + GREATEST(ROUND(lead_days)::integer, 1) END
          FROM quantities
        """,
        replay=replay,
        history=history,
        terms=terms,
        glide=glide,
        level_min=glided_minimum(scope.review),
        level_max=glided_maximum(scope.review),
        quantities=quantities_query(scope.review, SQL("glided")),
        day=day,
        digits=scope.review.digits,
    )


def hold_statement(scope, due, replay, history, day, next_day):
    """Return the UPDATE that takes back a day's orders below the minimum order value.

    :param due: the table of lines
    :param replay: the table of the days up to this one
    :param history: the table of :func:`~.history.history_query`
    :param next_day: the day of the next review
    """
    return SQL(
        """
        WITH rates (from_id, to_id, rate) AS (%(rates)s),
        orders AS (
            SELECT replay.factor, replay.line_id, replay.order_qty AS purchase_qty, replay.on_hand,
                   due.product_tmpl_id, due.product_id, due.partner_id, due.parent_partner_id,
                   due.unit_factor, due.currency_id, history.daily_demand, history.days_to_next,
                   history.soon_in + COALESCE(arriving.quantity, 0) AS incoming_soon,
                   history.soon_out + replay.backlog AS outgoing_soon
              FROM %(replay)s replay
              JOIN %(due)s due ON due.line_id = replay.line_id
              JOIN %(history)s history
                ON history.line_id = replay.line_id AND history.day = %(day)s
         LEFT JOIN (SELECT factor, line_id, SUM(order_qty) AS quantity FROM %(replay)s
                     WHERE arrival > %(day)s AND arrival < %(next_day)s AND day < %(day)s
                  GROUP BY factor, line_id) arriving
                ON arriving.line_id = replay.line_id AND arriving.factor = replay.factor
             WHERE replay.day = %(day)s AND replay.order_qty > 0
        ),
        prices AS (%(prices)s),
        held AS (
            SELECT orders.factor
              FROM (SELECT *, %(urgent)s AS is_urgent FROM orders) orders
         LEFT JOIN prices USING (factor, line_id)
          GROUP BY orders.factor
            HAVING %(held)s
        )
        UPDATE %(replay)s replay
           SET on_order = on_order - order_qty, order_qty = 0, arrival = NULL
         WHERE day = %(day)s AND order_qty > 0 AND factor IN (SELECT factor FROM held)
        """,
        replay=replay,
        due=due,
        history=history,
        day=SQL("%s::date", day),
        next_day=SQL("%s::date", next_day),
        rates=scope.review.rates_values(),
        prices=prices_query(
            scope.review,
            SQL("orders"),
            SQL("purchase_qty"),
            SQL("wanted.factor, wanted.line_id"),
        ),
        urgent=is_urgent(),
        held=is_held(SQL("%s", scope.minimum_value)),
    )
