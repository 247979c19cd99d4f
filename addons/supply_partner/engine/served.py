"""How much of what was wanted from the shelves was served on its day."""

from odoo.tools import SQL

from .demand import QUANTITY, TAKEN_TO, consumer_join, flows_query, has_stock
from .locations import crossing_moves, inside_query
from .position import OPEN_STATES, on_hand_query
from .scope import values_query


def served_query(scope, due, starts, sold_at_once):
    """Return the SELECT of what was wanted of each agreement from a day up to yesterday.

    Demand counts on the day by which it was wanted. A product's day is good when all of that was
    served; where customers who find nothing leave, when the day ended with stock.

    :param due: the table of lines
    :param starts: pairs of an agreement's id and its first day
    :param sold_at_once: SQL over ``picking`` for whether what was not there is lost
    :return: SQL with ``agreement_id``, ``units`` (products times days with demand), ``good``
        of them, ``wanted`` and ``served`` quantity; agreements without demand are missing
    """
    day = scope.local_day(SQL("COALESCE(move.date_deadline, move.date)"))
    wanted = crossing_moves(
        due,
        False,
        SQL(
            "due.line_id, due.agreement_id, %(day)s AS day, "
            "CASE WHEN move.state = 'done' THEN %(quantity)s "
            "ELSE move.product_qty::double precision END AS quantity, "
            "move.state = 'done' AND (move.date_deadline IS NULL OR %(done)s <= %(day)s) "
            "AS is_served, %(is_sale)s AS is_sale",
            day=day,
            quantity=QUANTITY,
            done=scope.local_day(SQL("move.date")),
            is_sale=sold_at_once,
        ),
        SQL(
            "(move.state = 'done' OR move.state IN %s) "
            "AND COALESCE(move.date_deadline, move.date) >= %s AND %s",
            OPEN_STATES,
            scope.start_of(min(day for _agreement, day in starts)),
            scope.conditions.demand,
        ),
        SQL(
            "%s LEFT JOIN stock_picking picking ON picking.id = move.picking_id",
            consumer_join(TAKEN_TO),
        ),
    )
    return SQL(
        """
        WITH starts (agreement_id, first_day) AS (%(starts)s),
        inside AS MATERIALIZED (%(inside)s),
        wanted AS (%(wanted)s),
        units AS (
            SELECT wanted.agreement_id, line_id, day, SUM(quantity) AS wanted,
                   COALESCE(SUM(quantity) FILTER (WHERE is_served), 0) AS served,
                   BOOL_OR(is_sale) AS has_sales
              FROM wanted
              JOIN starts ON starts.agreement_id = wanted.agreement_id
             WHERE day BETWEEN first_day AND %(today)s - 1
          GROUP BY wanted.agreement_id, line_id, day
            HAVING SUM(quantity) > 0.000001
        ),
        flows AS (%(flows)s),
        on_hand AS (%(on_hand)s),
        -- Stock of past days is today's less what moved since.
        closings AS (
            SELECT units.line_id, units.day,
                   COALESCE(MAX(on_hand.stored), 0)::double precision
                       - COALESCE(SUM(flows.net), 0) AS closing
              FROM units
         LEFT JOIN on_hand ON on_hand.line_id = units.line_id
         LEFT JOIN flows ON flows.line_id = units.line_id AND flows.day > units.day
             WHERE units.has_sales
          GROUP BY units.line_id, units.day
        )
        SELECT agreement_id, COUNT(*) AS units,
               COUNT(*) FILTER (WHERE served >= wanted - 0.000001
                                  AND (closing IS NULL OR %(has_stock)s)) AS good,
               SUM(wanted) AS wanted, SUM(served) AS served
          FROM units
     LEFT JOIN closings USING (line_id, day)
      GROUP BY agreement_id
        """,
        starts=values_query("(%s::integer, %s::date)", iter(starts), (0, scope.today)),
        inside=inside_query(due),
        wanted=wanted,
        today=scope.today,
        flows=flows_query(scope, due, scope.start_of(min(day for _agreement, day in starts))),
        on_hand=on_hand_query(due, scope.conditions.usable_stock),
        has_stock=has_stock(SQL("closing")),
    )
