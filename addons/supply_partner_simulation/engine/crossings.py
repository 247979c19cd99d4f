"""What went in and out of the location, and what is still to: each move once, with its days."""

from odoo.addons.supply_partner.engine.demand import (
    QUANTITY,
    RETURN_JOINS,
    TAKEN_TO,
    consumer_join,
)
from odoo.addons.supply_partner.engine.locations import crossing_moves, inside_query
from odoo.addons.supply_partner.engine.position import OPEN_STATES
from odoo.tools import SQL


def crossings_query(scope, due):
    """Return the SELECT of the moves that are open, or were done since the demand period began.

    :param due: the table of lines
    :return: SQL with ``line_id``, ``move_id``, ``enters``, ``day``, ``is_done`` (``net`` is what
        came, or less than 0 what left, when it is), ``is_seen`` (open, or done from the first day
        on), ``is_demand`` (or demand that came back), exact ``quantity``; of demand that is seen
        ``wish_day`` (by which it was wanted, the first one at the earliest), ``is_sale``,
        ``is_late`` (wanted before the first day), ``is_in_time`` and ``known_day``, and
        ``since`` (from when on until that day it counts as still to go; NULL: never)
    """
    review = scope.review
    seen_since = scope.first_start
    condition = SQL(
        "(move.state IN %s OR move.state = 'done' AND move.date >= %s AND %s)",
        OPEN_STATES,
        review.start_of(scope.demand_first),
        review.conditions.moved,
    )
    leaving = crossing_moves(
        due,
        False,
        _columns(scope, False, review.conditions.demand, scope.sold_at_once),
        condition,
        SQL(
            "%s LEFT JOIN stock_picking picking ON picking.id = move.picking_id",
            consumer_join(TAKEN_TO),
        ),
    )
    entering = crossing_moves(
        due,
        True,
        _columns(scope, True, review.conditions.returned, SQL("FALSE")),
        condition,
        SQL("%s %s", consumer_join(SQL("move.location_id")), RETURN_JOINS),
    )
    return SQL(
        """
        -- Each day is found once: OFFSET 0 keeps PostgreSQL from putting it where it is used.
        WITH inside AS MATERIALIZED (%(inside)s),
        wanted AS (
            SELECT moved.*,
                   CASE WHEN is_wish THEN CASE WHEN date_deadline IS NULL THEN day
                                               ELSE %(deadline)s END END AS wanted_day,
                   CASE WHEN is_wish THEN %(known)s END AS known_day
              FROM (SELECT crossings.*, %(day)s AS day,
                           is_seen AND is_demand AND NOT enters AS is_wish
                      FROM (SELECT crossings.*, NOT is_done OR date >= %(seen_since)s AS is_seen
                              FROM (%(leaving)s UNION ALL %(entering)s) AS crossings) AS crossings
                    OFFSET 0) AS moved
            OFFSET 0
        ),
        spans AS (
            SELECT *, CASE WHEN wanted_day > %(first)s
                           THEN GREATEST(known_day, wanted_day - reach_days, %(first)s) END AS since
              FROM wanted
            OFFSET 0
        )
        SELECT line_id, move_id, enters, day, is_done, is_seen, net, is_demand, quantity, is_sale,
               GREATEST(wanted_day, CASE WHEN is_wish THEN %(first)s END) AS wish_day,
               wanted_day < %(first)s AS is_late, known_day,
               is_done AND (date_deadline IS NULL OR day <= wanted_day) AS is_in_time,
               CASE WHEN since < wanted_day THEN since END AS since
          FROM spans
        """,
        inside=inside_query(due),
        day=review.local_day(SQL("date")),
        deadline=review.local_day(SQL("date_deadline")),
        known=review.local_day(SQL("create_date")),
        seen_since=seen_since,
        leaving=leaving,
        entering=entering,
        first=SQL("%s::date", scope.first),
    )


def _columns(scope, enters, is_demand, is_sale):
    """Return SQL of the columns of a move that enters or leaves."""
    return SQL(
        "due.line_id, due.reach_days, move.id AS move_id, %(enters)s AS enters, "
        "move.date, move.date_deadline, move.create_date, move.state = 'done' AS is_done, "
        "CASE WHEN move.state = 'done' THEN %(sign)s%(moved)s END AS net, "
        "%(is_demand)s AS is_demand, %(is_sale)s AS is_sale, "
        # In the product's own unit it need not be reckoned, which takes much longer.
        "ROUND(CASE WHEN move.state <> 'done' THEN move.product_qty "
        "WHEN move_unit.factor = due.unit_factor THEN move.quantity "
        "ELSE (%(moved)s)::numeric END, %(digits)s) AS quantity",
        enters=enters,
        sign=SQL() if enters else SQL("-"),
        moved=QUANTITY,
        is_demand=is_demand,
        is_sale=is_sale,
        digits=scope.review.digits,
    )


def supplies_query(scope, crossings):
    """Return the SELECT of the moves that bring what vendors sent, or send it back.

    A receipt in several steps enters the location with its last one, so its source is looked for.

    :param crossings: the table of :func:`crossings_query`
    :return: SQL with ``line_id``, ``move_id``, ``ordered_at`` (the approval; without an order,
        when the move was made), ``purchase_id`` and ``is_own`` (ordered under the agreement)
    """
    return SQL(
        """
        WITH RECURSIVE sources AS (
            SELECT line_id, move_id, move_id AS source_id FROM %(crossings)s
             WHERE is_seen AND (enters OR NOT is_demand)
             UNION
            SELECT sources.line_id, sources.move_id, link.move_orig_id
              FROM sources
              JOIN stock_move move ON move.id = sources.source_id
              JOIN stock_location origin
                ON origin.id = move.location_id AND origin.usage IN ('internal', 'transit')
              JOIN stock_move_move_rel link ON link.move_dest_id = move.id
        )
        SELECT DISTINCT ON (sources.line_id, sources.move_id)
               sources.line_id, sources.move_id, purchase.id AS purchase_id,
               COALESCE(purchase.date_approve, source.create_date) AS ordered_at,
               COALESCE(purchase.vmi_agreement_id = %(agreement)s, FALSE) AS is_own
          FROM sources
          JOIN stock_move source ON source.id = sources.source_id
          JOIN stock_location origin ON origin.id = source.location_id
          JOIN stock_location destination ON destination.id = source.location_dest_id
     LEFT JOIN purchase_order_line ordered ON ordered.id = source.purchase_line_id
     LEFT JOIN purchase_order purchase ON purchase.id = ordered.order_id
         WHERE origin.usage = 'supplier' OR destination.usage = 'supplier'
      ORDER BY sources.line_id, sources.move_id, ordered_at, source.id
        """,
        crossings=crossings,
        agreement=scope.agreement_id,
    )
