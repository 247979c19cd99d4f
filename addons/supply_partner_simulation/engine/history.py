"""What actually happened on each day, of which a simulation keeps some and replaces the rest."""

from odoo.addons.supply_partner.engine.demand import (
    QUANTITY,
    TAKEN_TO,
    consumer_join,
    days_of_life,
    demand_figures,
    flows_query,
    has_stock,
)
from odoo.addons.supply_partner.engine.levels import levels_query
from odoo.addons.supply_partner.engine.locations import crossing_moves, inside_query
from odoo.addons.supply_partner.engine.position import OPEN_STATES
from odoo.tools import SQL


def supplies_query(scope, due):
    """Return the SELECT of the moves that bring what vendors sent, or send it back.

    A receipt in several steps enters the location with its last one, so its source is looked for.

    :param due: the table of lines
    :return: SQL with ``line_id``, ``move_id``, ``ordered_at`` (the approval; without an order,
        when the move was made), ``purchase_id`` and ``is_own`` (ordered under the agreement)
    """
    seen = _seen(scope)
    columns = SQL("due.line_id, move.id AS move_id")
    return SQL(
        """
        WITH RECURSIVE inside AS MATERIALIZED (%(inside)s),
        crossings AS (%(entering)s UNION %(leaving)s),
        sources AS (
            SELECT line_id, move_id, move_id AS source_id FROM crossings
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
        inside=inside_query(due),
        entering=crossing_moves(due, True, columns, seen, SQL()),
        leaving=crossing_moves(
            due,
            False,
            columns,
            SQL("%s AND NOT %s", seen, scope.review.conditions.demand),
            consumer_join(TAKEN_TO),
        ),
        agreement=scope.agreement_id,
    )


def history_query(scope, due, positions, leads, supplies, forecasts):
    """Return the SELECT of each line on each day.

    Demand counts on the day by which it was wanted. Receipts that were ordered from the first
    day on are dropped; everything else that moved the stock stays on its day.

    :param due: the table of lines
    :param positions: the table of their positions today
    :param leads: the table of lead times before the first day
    :param supplies: the table of :func:`supplies_query`
    :param forecasts: the forecasts on the days of the reviews
    :return: SQL with ``line_id`` and ``day``; what is kept: ``receipts`` (of orders open at
        the start), ``others`` (counts, returns, transfers, scrap), ``deliveries`` and ``sales``
        (wanted; lost when not there), ``backlog`` (wanted before the first day, on the first);
        what was known at the end of the day: ``known_in`` (still to come of those orders),
        ``known_out`` (wanted later), ``soon_in`` and ``soon_out`` (of them, before the next
        review); on the days of reviews ``days_to_next``, ``daily_demand``, ``lead_days``,
        ``problem``, ``is_resting``, ``level_min`` and ``level_max``; and what actually happened:
        ``opening``, ``closing`` and ``in_time`` (of the deliveries)
    """
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        reviews (day, next_day) AS (%(reviews)s),
        calendar AS (
            SELECT due.line_id, due.reach_days, %(demand_first)s + n AS day
              FROM %(due)s due, generate_series(0, %(today)s - %(demand_first)s) AS n
        ),
        flows AS (%(flows)s),
        wanted AS (%(wanted)s),
        wishes AS (
            SELECT line_id, GREATEST(day, %(first)s) AS day,
                   SUM(quantity) FILTER (WHERE NOT is_sale AND day >= %(first)s) AS deliveries,
                   SUM(quantity) FILTER (WHERE is_sale AND day >= %(first)s) AS sales,
                   SUM(quantity) FILTER (WHERE NOT is_sale AND day < %(first)s) AS backlog,
                   SUM(quantity) FILTER (WHERE NOT is_sale AND day >= %(first)s AND is_in_time)
                       AS in_time
              FROM wanted
          GROUP BY line_id, 2
        ),
        coming AS (%(coming)s),
        -- From when on, and until when, something that is to happen counts.
        spans AS (
            SELECT line_id, GREATEST(known_day, day - reach_days, %(first)s) AS since,
                   day AS until, 0 AS coming, quantity AS leaving
              FROM wanted JOIN %(due)s due USING (line_id)
             WHERE day > %(first)s
             UNION ALL
            SELECT line_id,
                   CASE WHEN is_own THEN %(first)s ELSE GREATEST(day - reach_days, %(first)s) END,
                   arrival, quantity, 0
              FROM coming JOIN %(due)s due USING (line_id)
        ),
        turns AS (
            SELECT line_id, day, SUM(coming) AS coming, SUM(leaving) AS leaving
              FROM (SELECT line_id, since AS day, coming, leaving FROM spans
                     WHERE until IS NULL OR since < until
                     UNION ALL
                    SELECT line_id, until, -coming, -leaving FROM spans WHERE since < until) every
          GROUP BY line_id, day
        ),
        -- The days that lie between a review and the next.
        covered AS (
            SELECT reviews.day AS review_day, reviews.day + n AS day
              FROM reviews, generate_series(1, reviews.next_day - reviews.day - 1) AS n
        ),
        soon AS (
            SELECT line_id, review_day AS day, SUM(coming) AS coming, SUM(leaving) AS leaving
              FROM (SELECT line_id, review_day, 0 AS coming, quantity AS leaving
                      FROM wanted JOIN covered USING (day)
                     WHERE known_day <= review_day
                     UNION ALL
                    SELECT line_id, review_day, quantity, 0 FROM coming JOIN covered USING (day)
                   ) every
          GROUP BY line_id, review_day
        ),
        days AS (
            SELECT calendar.line_id, calendar.day,
                   COALESCE(flows.net, 0) AS net,
                   -- As an exact number, of which sums over moving windows are fast.
                   COALESCE(flows.demand, 0)::numeric AS demand,
                   COALESCE(flows.outflow, 0) AS outflow, COALESCE(flows.others, 0) AS others,
                   COALESCE(flows.receipts, 0) AS receipts,
                   COALESCE(wishes.deliveries, 0) AS deliveries,
                   COALESCE(wishes.sales, 0) AS sales, COALESCE(wishes.backlog, 0) AS backlog,
                   COALESCE(wishes.in_time, 0) AS in_time,
                   SUM(COALESCE(turns.coming, 0)) OVER line AS known_in,
                   SUM(COALESCE(turns.leaving, 0)) OVER line AS known_out,
                   positions.stored::double precision
                       - SUM(COALESCE(flows.net, 0)) OVER (
                           PARTITION BY calendar.line_id ORDER BY calendar.day DESC) AS opening
              FROM calendar
              JOIN %(positions)s positions ON positions.line_id = calendar.line_id
         LEFT JOIN flows ON flows.line_id = calendar.line_id AND flows.day = calendar.day
         LEFT JOIN wishes ON wishes.line_id = calendar.line_id AND wishes.day = calendar.day
         LEFT JOIN turns ON turns.line_id = calendar.line_id AND turns.day = calendar.day
            WINDOW line AS (PARTITION BY calendar.line_id ORDER BY calendar.day)
        ),
        sums AS (
            SELECT line_id, day, %(period)s AS length,
                   day - MIN(day) FILTER (WHERE demand <> 0 OR outflow <> 0 OR %(has_stock)s)
                             OVER (PARTITION BY line_id) AS seen_before,
                   SUM(demand) OVER period AS total, SUM(demand * demand) OVER period AS squares,
                   COUNT(*) FILTER (WHERE outflow > 0) OVER period AS days_with_demand,
                   COUNT(*) FILTER (WHERE %(has_stock)s OR outflow > 0) OVER period
                       AS stocked_days
              FROM days
            WINDOW period AS (
                PARTITION BY line_id ORDER BY day ROWS BETWEEN %(period)s PRECEDING AND 1 PRECEDING)
        ),
        reviewed AS (
            SELECT sums.*, %(life)s AS life
              FROM sums
              JOIN reviews ON reviews.day = sums.day
              JOIN %(due)s due ON due.line_id = sums.line_id
        ),
        figures AS (%(figures)s),
        levels AS (%(levels)s)
        SELECT days.line_id, days.day, days.receipts, days.others, days.deliveries, days.sales,
               days.backlog, days.in_time, days.opening, days.opening + days.net AS closing,
               days.known_in, days.known_out,
               reviews.next_day - days.day AS days_to_next,
               COALESCE(soon.coming, 0) AS soon_in, COALESCE(soon.leaving, 0) AS soon_out,
               levels.daily_demand, levels.lead_days, levels.problem, levels.is_resting,
               levels.level_min, levels.level_max
          FROM days
     LEFT JOIN reviews ON reviews.day = days.day
     LEFT JOIN levels ON levels.line_id = days.line_id AND levels.day = days.day
     LEFT JOIN soon ON soon.line_id = days.line_id AND soon.day = days.day
         WHERE days.day BETWEEN %(first)s AND %(last)s
      ORDER BY days.day, days.line_id
        """,
        inside=inside_query(due),
        reviews=scope.reviews_values(),
        due=due,
        positions=positions,
        period=scope.demand_period,
        demand_first=scope.demand_first,
        first=scope.first,
        last=scope.last,
        digits=scope.review.digits,
        today=scope.review.today,
        flows=_flows_query(scope, due, supplies),
        wanted=_wanted_query(scope, due),
        coming=_coming_query(scope, due, supplies),
        has_stock=has_stock(SQL("opening")),
        life=days_of_life(
            SQL("sums.seen_before"),
            SQL("sums.length"),
            scope.review.start_of(scope.demand_first),
        ),
        figures=demand_figures(SQL("reviewed")),
        levels=levels_query(scope.review, due, leads, SQL("figures"), forecasts),
    )


def _seen(scope):
    """Return the SQL condition for moves that are open, or were done from the first day on."""
    return SQL(
        "(move.state IN %s OR move.state = 'done' AND move.date >= %s AND %s)",
        OPEN_STATES,
        scope.first_start,
        scope.review.conditions.moved,
    )


def _flows_query(scope, due, supplies):
    """Return the SELECT of what moved a day, with what a simulation keeps of it."""
    return flows_query(
        scope.review,
        due,
        scope.review.start_of(scope.demand_first),
        SQL(
            ", supply.move_id IS NOT NULL AS is_supply, "
            "COALESCE(supply.ordered_at >= %s, FALSE) AS is_dropped",
            scope.first_start,
        ),
        SQL(
            """
            , ROUND((SUM(net) FILTER (
                  WHERE net > 0 AND NOT is_supply
                     OR net < 0 AND NOT is_demand AND NOT is_dropped))::numeric, %(digits)s)
              AS others,
              ROUND((SUM(net) FILTER (
                  WHERE net > 0 AND is_supply AND NOT is_dropped))::numeric, %(digits)s)
              AS receipts
            """,
            digits=scope.review.digits,
        ),
        SQL(
            "LEFT JOIN %s supply ON supply.move_id = move.id AND supply.line_id = due.line_id",
            supplies,
        ),
    )


def _wanted_query(scope, due):
    """Return the SELECT of what was wanted and was not there before."""
    day = scope.review.local_day(SQL("COALESCE(move.date_deadline, move.date)"))
    return crossing_moves(
        due,
        False,
        SQL(
            "due.line_id, %(day)s AS day, %(known)s AS known_day, %(quantity)s AS quantity, "
            "%(is_sale)s AS is_sale, move.state = 'done' "
            "AND (move.date_deadline IS NULL OR %(done)s <= %(day)s) AS is_in_time",
            day=day,
            known=scope.review.local_day(SQL("move.create_date")),
            done=scope.review.local_day(SQL("move.date")),
            quantity=_exact_quantity(scope),
            is_sale=scope.sold_at_once,
        ),
        SQL("%s AND %s", _seen(scope), scope.review.conditions.demand),
        SQL(
            "%s LEFT JOIN stock_picking picking ON picking.id = move.picking_id",
            consumer_join(TAKEN_TO),
        ),
    )


def _coming_query(scope, due, supplies):
    """Return the SELECT of what orders that were open at the start brought, or still have to.

    ``arrival`` is empty for what has not come to this day.
    """
    day = scope.review.local_day(SQL("move.date"))
    return crossing_moves(
        due,
        True,
        SQL(
            "due.line_id, %(day)s AS day, CASE WHEN move.state = 'done' THEN %(day)s END "
            "AS arrival, %(quantity)s AS quantity, supply.is_own",
            day=day,
            quantity=_exact_quantity(scope),
        ),
        SQL("supply.ordered_at < %s", scope.first_start),
        SQL(
            "JOIN %s supply ON supply.move_id = move.id AND supply.line_id = due.line_id "
            "JOIN uom_uom move_unit ON move_unit.id = move.product_uom",
            supplies,
        ),
    )


def _exact_quantity(scope):
    return SQL(
        "ROUND(CASE WHEN move.state = 'done' THEN (%s)::numeric ELSE move.product_qty END, %s)",
        QUANTITY,
        scope.review.digits,
    )
