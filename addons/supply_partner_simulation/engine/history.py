"""What actually happened on each day, of which a simulation keeps some and replaces the rest."""

from odoo.addons.supply_partner.engine.demand import days_of_life, demand_figures, has_stock
from odoo.addons.supply_partner.engine.levels import levels_query
from odoo.addons.supply_partner.engine.locations import inside_query
from odoo.tools import SQL


def history_query(scope, due, positions, leads, crossings, supplies, forecasts):
    """Return the SELECT of each line on each day.

    Demand counts on the day by which it was wanted. Receipts that were ordered from the first
    day on are dropped; everything else that moved the stock stays on its day.

    :param due: the table of lines
    :param positions: the table of their positions today
    :param leads: the table of lead times before the first day
    :param crossings: the table of :func:`~.crossings.crossings_query`
    :param supplies: the table of :func:`~.crossings.supplies_query`
    :param forecasts: the forecasts on the days of the reviews
    :return: SQL with ``line_id`` and ``day``; what is kept: ``receipts`` (of orders open at
        the start), ``others`` (counts, returns, transfers, scrap), ``deliveries`` and ``sales``
        (wanted; lost when not there), ``backlog`` (wanted before the first day, on the first);
        what was known at the end of the day: ``known_in`` (still to come of those orders),
        ``known_out`` (wanted later), ``soon_in`` and ``soon_out`` (of them, before the next
        review); on the days of reviews ``days_to_next``, ``daily_demand`` (where it is needed),
        ``lead_days``, ``problem``, ``is_resting``, ``level_min`` and ``level_max``; and what
        actually happened: ``opening``, ``closing`` and ``in_time`` (of the deliveries)
    """
    return SQL(
        """
        WITH inside AS MATERIALIZED (%(inside)s),
        reviews (day, next_day) AS (%(reviews)s),
        coming AS MATERIALIZED (%(coming)s),
        -- The days that lie between a review and the next.
        covered AS (
            SELECT reviews.day AS review_day, reviews.day + n AS day
              FROM reviews, generate_series(1, reviews.next_day - reviews.day - 1) AS n
        ),
        soon AS (
            SELECT line_id, review_day AS day, SUM(coming) AS coming, SUM(leaving) AS leaving
              FROM (SELECT line_id, review_day, 0 AS coming, quantity AS leaving
                      FROM %(crossings)s crossing JOIN covered ON covered.day = crossing.wish_day
                     WHERE known_day <= review_day
                     UNION ALL
                    SELECT line_id, review_day, quantity, 0 FROM coming JOIN covered USING (day)
                   ) every
          GROUP BY line_id, review_day
        ),
        starts AS (
            SELECT positions.line_id,
                   positions.stored::double precision - COALESCE(SUM(net), 0) AS stored
              FROM %(positions)s positions
         LEFT JOIN (SELECT line_id, net FROM %(crossings)s
                     WHERE is_done AND day <= %(today)s) AS moved USING (line_id)
          GROUP BY positions.line_id, positions.stored
        ),
        -- Sorted once for the groups and all windows, and as a whole: a group of sums of exact
        -- numbers takes long to begin and much room.
        dated AS (
            SELECT line_id, day, COALESCE(SUM(net), 0) AS net,
                   -- As an exact number, of which sums over moving windows are fast.
                   COALESCE(SUM(demand)::numeric, 0) AS demand,
                   COALESCE(SUM(demand) FILTER (WHERE demand > 0), 0) AS outflow,
                   COALESCE(ROUND(SUM(others)::numeric, %(digits)s), 0) AS others,
                   COALESCE(ROUND(SUM(receipts)::numeric, %(digits)s), 0) AS receipts,
                   COALESCE(SUM(deliveries), 0) AS deliveries, COALESCE(SUM(sales), 0) AS sales,
                   COALESCE(SUM(backlog), 0) AS backlog, COALESCE(SUM(in_time), 0) AS in_time,
                   SUM(coming) AS coming, SUM(leaving) AS leaving
              FROM (SELECT * FROM (%(events)s) AS events ORDER BY line_id, day OFFSET 0) AS events
          GROUP BY line_id, day
        ),
        days AS MATERIALIZED (
            SELECT dated.line_id, day, net, demand, outflow, others, receipts,
                   deliveries, sales, backlog, in_time,
                   COALESCE(SUM(coming) OVER upto, 0) AS known_in,
                   COALESCE(SUM(leaving) OVER upto, 0) AS known_out,
                   starts.stored + (SUM(net) OVER upto - net) AS opening
              FROM dated
              JOIN starts ON starts.line_id = dated.line_id
            WINDOW upto AS (
                PARTITION BY dated.line_id ORDER BY day ROWS UNBOUNDED PRECEDING)
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
             WHERE line_id IN (SELECT line_id FROM %(due)s due WHERE %(by_demand)s)
            WINDOW period AS (
                PARTITION BY line_id ORDER BY day ROWS BETWEEN %(period)s PRECEDING AND 1 PRECEDING)
        ),
        reviewed AS (
            SELECT sums.*, %(life)s AS life
              FROM sums
              JOIN reviews ON reviews.day = sums.day
              JOIN %(due)s due ON due.line_id = sums.line_id
        ),
        figures AS (
            SELECT * FROM (%(figures)s) AS figures
             UNION ALL
            SELECT due.line_id, reviews.day, NULL, NULL, FALSE, NULL, NULL
              FROM %(due)s due, reviews
             WHERE NOT %(by_demand)s
        ),
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
        first=scope.first,
        last=scope.last,
        digits=scope.review.digits,
        today=SQL("%s::date", scope.review.today),
        crossings=crossings,
        coming=_coming_query(scope, crossings, supplies),
        events=_events_query(scope, due, crossings, supplies),
        has_stock=has_stock(SQL("opening")),
        life=days_of_life(
            SQL("sums.seen_before"),
            SQL("sums.length"),
            scope.review.start_of(scope.demand_first),
        ),
        # Without a minimum value that may have to wait, minimum and maximum stand by themselves.
        by_demand=SQL("TRUE") if scope.minimum_value else SQL("due.method <> 'min_max'"),
        figures=demand_figures(SQL("reviewed")),
        levels=levels_query(scope.review, due, leads, SQL("figures"), forecasts),
    )


def _coming_query(scope, crossings, supplies):
    """Return the SELECT of what orders that were open at the start brought, or still have to.

    ``arrival`` is empty for what has not come to this day.
    """
    return SQL(
        """
        SELECT crossing.line_id, crossing.day, CASE WHEN is_done THEN crossing.day END AS arrival,
               crossing.quantity, supply.is_own
          FROM %(crossings)s crossing
          JOIN %(supplies)s supply
            ON supply.move_id = crossing.move_id AND supply.line_id = crossing.line_id
         WHERE crossing.enters AND crossing.is_seen AND supply.ordered_at < %(start)s
        """,
        crossings=crossings,
        supplies=supplies,
        start=scope.first_start,
    )


def _events_query(scope, due, crossings, supplies):
    """Return the SELECT of what happened a day, with a row without anything for each day.

    What moved on the day by which it was wanted is one row.
    """
    return SQL(
        """
        SELECT line_id, day, net, demand, others, receipts,
               CASE WHEN NOT (is_sale OR is_late) THEN quantity END AS deliveries,
               CASE WHEN is_sale AND NOT is_late THEN quantity END AS sales,
               CASE WHEN is_late AND NOT is_sale THEN quantity END AS backlog,
               CASE WHEN is_in_time AND NOT (is_sale OR is_late) THEN quantity END AS in_time,
               NULL::numeric AS coming, CASE WHEN ends THEN -quantity END AS leaving
          FROM (SELECT crossing.line_id, crossing.day, net,
                       CASE WHEN is_demand THEN -net END AS demand,
                       CASE WHEN net > 0 AND supply.move_id IS NULL
                                 OR net < 0 AND NOT is_demand
                                    AND NOT COALESCE(supply.ordered_at >= %(start)s, FALSE)
                            THEN net END AS others,
                       CASE WHEN net > 0 AND supply.move_id IS NOT NULL
                                 AND NOT COALESCE(supply.ordered_at >= %(start)s, FALSE)
                            THEN net END AS receipts,
                       is_sale, is_late, is_in_time, since IS NOT NULL AS ends,
                       CASE WHEN wish_day = crossing.day THEN quantity END AS quantity
                  FROM %(crossings)s crossing
             LEFT JOIN %(supplies)s supply
                    ON supply.move_id = crossing.move_id AND supply.line_id = crossing.line_id
                 WHERE is_done AND crossing.day <= %(today)s
                 UNION ALL
                SELECT line_id, wish_day, NULL, NULL, NULL, NULL,
                       is_sale, is_late, is_in_time, since IS NOT NULL, quantity
                  FROM %(crossings)s
                 WHERE wish_day <= %(today)s AND (wish_day <> day OR NOT is_done)) AS moved
         UNION ALL
        SELECT line_id, since, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, quantity
          FROM %(crossings)s
         WHERE since <= %(today)s
         UNION ALL
        SELECT line_id, turn.day, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, turn.coming, NULL
          FROM (SELECT coming.*, CASE WHEN is_own THEN %(first)s
                                      ELSE GREATEST(day - reach_days, %(first)s) END AS since
                  FROM coming JOIN %(due)s due USING (line_id)) AS coming
    CROSS JOIN LATERAL (VALUES (since, quantity), (arrival, -quantity)) AS turn (day, coming)
         WHERE (arrival IS NULL OR since < arrival) AND turn.day <= %(today)s
         UNION ALL
        SELECT line_id, %(demand_first)s + n,
               NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL
          FROM %(due)s, generate_series(0, %(today)s - %(demand_first)s) AS n
        """,
        due=due,
        crossings=crossings,
        supplies=supplies,
        start=scope.first_start,
        first=SQL("%s::date", scope.first),
        today=SQL("%s::date", scope.review.today),
        demand_first=SQL("%s::date", scope.demand_first),
    )
