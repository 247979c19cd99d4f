"""From position and levels to status, quantity and price."""

from odoo.tools import SQL

from .levels import (
    glided_maximum,
    glided_minimum,
    is_above,
    is_urgent,
    levels_query,
    quantities_query,
)


def findings_query(scope, due, positions, demands, leads, forecasts):
    """Return the SELECT of what a review finds about each line.

    :param due: the table of the lines; the others are those of their positions, their demand and
        the vendors' lead times
    :param forecasts: the table of the forecasts, or what to join where there are none
    :return: SQL with a row per line: ids, the parts of the position and ``position``,
        ``level_min`` and ``level_max`` (NULL where there is a ``problem``), ``stock_status``,
        ``gives`` (whether the location may give a surplus away),
        ``order_qty`` (what is missing; 0: nothing), of it ``transfer_qty`` (nothing yet) and
        ``purchase_qty``, ``is_urgent`` (out before the next review) and ``is_short`` (out before
        the next delivery, though not yet)
    """
    return SQL(
        """
        WITH levels AS (%(levels)s),
        figures AS (
            SELECT due.*, positions.on_hand, positions.on_hand_since,
                   positions.incoming, positions.incoming_first, positions.incoming_last,
                   positions.incoming_soon, positions.outgoing, positions.outgoing_soon,
                   positions.next_delivery, positions.outgoing_before,
                   positions.quotation, positions.pending, positions.other,
                   ROUND(positions.on_hand + positions.incoming + positions.quotation
                         + positions.pending + positions.other - positions.outgoing,
                         %(digits)s) AS position,
                   levels.daily_demand, levels.deviation, levels.is_thin,
                   levels.days_with_demand, levels.stocked_days,
                   levels.lead_days, levels.lead_deviation,
                   levels.problem, levels.is_resting,
                   levels.weeks, levels.weekly_forecast, levels.demand_class,
                   levels.forecast_flag, levels.covering, levels.forecast_method,
                   levels.forecast_days,
                   levels.forecast_qty, levels.forecast_deviation,
                   %(level_min)s AS level_min, %(level_max)s AS level_max
              FROM %(due)s due
              JOIN %(positions)s positions ON positions.line_id = due.line_id
              JOIN levels ON levels.line_id = due.line_id
        )
        SELECT quantities.*,
               -- Only where the minimum is what covers a forecast.
               CASE WHEN covering = level_min THEN service_target ELSE 0 END AS forecast_target,
               0::numeric AS transfer_qty, TRUE AS gives,
               order_qty AS purchase_qty,
               CASE WHEN on_hand <= 0 THEN 'out'
                    WHEN position < level_min THEN 'below'
                    -- Stock on every day of the window, and nobody wanted it.
                    WHEN days_with_demand = 0 AND stocked_days >= demand_period_days
                         AND on_hand_since < window_start THEN 'dead'
                    WHEN %(above)s THEN 'above'
                    ELSE 'on_track' END AS stock_status,
               %(urgent)s AS is_urgent,
               on_hand > 0 AND on_hand - GREATEST(
                   outgoing_before::double precision,
                   daily_demand * (COALESCE(next_delivery, earliest_day) - %(today)s)
               ) < 0 AS is_short
          FROM (%(quantities)s) AS quantities
        """,
        levels=levels_query(scope, due, leads, demands, forecasts),
        level_min=glided_minimum(scope),
        level_max=glided_maximum(scope),
        quantities=quantities_query(scope, SQL("figures")),
        urgent=is_urgent(),
        above=is_above(scope),
        digits=scope.digits,
        due=due,
        positions=positions,
        today=scope.today,
    )
